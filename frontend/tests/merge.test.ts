import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { en } from "../src/i18n/en";
import { fr } from "../src/i18n/fr";
import { said, telling, type ValueWords } from "../src/screens/audit/values";
import { alike } from "../src/screens/duplicates/alike";
import { builtOn, choicesOf, offers, pickOf } from "../src/screens/merge/choices";
import { yearsBefore } from "../src/screens/rgpd/retention";

const phone = { field: "phone", kept: "0240000000", absorbed: "0606060607", proposed: "kept" };
const email = { field: "email", kept: null, absorbed: "a@b.fr", proposed: "absorbed" };
const comment = { field: "comment", kept: "un", absorbed: "deux", proposed: "both" };

describe("the choices of a merge", () => {
  it("start with what is proposed, and send it too", () => {
    expect(choicesOf({}, [phone, email])).toEqual({ phone: "kept", email: "absorbed" });
  });

  it("follow the hand", () => {
    expect(choicesOf({ phone: "absorbed" }, [phone, email])).toEqual({ phone: "absorbed", email: "absorbed" });
  });

  it("leave both together unsaid: it is what the rule does by itself", () => {
    expect(offers(comment)).toEqual(["kept", "absorbed", "both"]);
    expect(choicesOf({}, [comment])).toEqual({});
    expect(choicesOf({ comment: "kept" }, [comment])).toEqual({ comment: "kept" });
  });

  it("do not keep a pick that is offered no more", () => {
    expect(pickOf({ phone: "both" }, phone)).toBe("kept");
  });
});

describe("what stands in the way of undoing a merge", () => {
  const field = (name: string): string => ({ phone: "Téléphone", town: "Ville" })[name] ?? name;

  it("names the record and its fields", () => {
    expect(builtOn("#/address/adr_1", "changé depuis la fusion : phone, town", field)).toEqual({
      table: "address",
      detail: "changé depuis la fusion : Téléphone, Ville",
    });
  });

  it("leaves a plain sentence alone", () => {
    expect(builtOn("/note/not_1", "supprimé depuis la fusion", field).detail).toBe("supprimé depuis la fusion");
  });
});

const ID = `cus_${"0".repeat(31)}1`;
const words: ValueWords = {
  yes: "oui",
  no: "non",
  codes: { kind: { person: "Particulier" }, allowed_for: { order: "Commande" } },
  field: (name) => ({ street: "Rue", town: "Ville" })[name] ?? name,
  party: (id) => ({ [ID]: "C0000001 MARTIN", [`usr_${"0".repeat(31)}1`]: "Camille" })[id] ?? id,
};

describe("a value of the history", () => {
  it.each([
    ["no_sms", "true", "oui"],
    ["no_sms", "false", "non"],
    ["birth_date", "1980-05-03", "03/05/1980"],
    ["billed_to_id", ID, "C0000001 MARTIN"],
    ["kind", "person", "Particulier"],
    ["approved_by", `staff:${"0".repeat(31)}1`, "Camille"],
    ["sales_reps", `${ID} 60.00`, "C0000001 MARTIN 60.00"],
    ["allowed_for", '["order","invoice"]', "Commande, invoice"],
    ["address", '{"street":"12 rue","town":null}', "Rue : 12 rue"],
    ["name", "MARTIN", "MARTIN"],
    ["comment", "[sic", "[sic"],
  ])("%s %s reads %s", (field, value, text) => {
    expect(said(field, value, words)).toBe(text);
  });

  it("is nothing when there is none", () => {
    expect(said("name", null, words)).toBe("");
  });
});

describe("a line of the history", () => {
  const change = (field: string, before: string | null, after: string | null) => ({ field, before, after });

  it("tells every change of a record, also one to nothing", () => {
    expect(telling("update", [change("phone", "02", null), change("no_sms", "false", "true")])).toHaveLength(2);
  });

  it("does not tell what a new record left blank, nor its card and date", () => {
    const made = [
      change("name", null, "MARTIN"),
      change("no_sms", null, "false"),
      change("back_orders_orders", null, "inherit"),
      change("default_for", null, "[]"),
      change("created_at", null, "2026-11-22T00:00:00Z"),
      change("customer_id", null, ID),
    ];
    expect(telling("insert", made).map((each) => each.field)).toEqual(["name"]);
  });
});

describe("what two cards have in common", () => {
  const card = { town: "Nantes", phone: "02 40 00 00 00", email: "A@b.fr", siret: null };

  it("is seen whatever the notation", () => {
    expect(alike(card, { town: "NANTES", phone: "+33240000000", email: "a@B.fr", siret: null })).toEqual({
      town: true,
      phone: true,
      email: true,
      siret: false,
    });
  });

  it("is nothing where one of them says nothing", () => {
    expect(alike(card, { town: null, phone: null, email: "", siret: null })).toEqual({
      town: false,
      phone: false,
      email: false,
      siret: false,
    });
  });
});

describe("the day of the last contact", () => {
  it("lies whole years back, also from a leap day", () => {
    expect(yearsBefore("2026-11-21", 3)).toBe("2023-11-21");
    expect(yearsBefore("2028-02-29", 3)).toBe("2025-02-28");
    expect(yearsBefore("2028-02-29", 4)).toBe("2024-02-29");
  });
});

const contract = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../openapi/openapi.json", import.meta.url)), "utf8"),
) as { components: { schemas: Record<string, { properties?: Record<string, unknown> }> } };

function choices(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(choices);
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    key === "x-extensible-enum" && Array.isArray(value) ? value.map(String) : choices(value),
  );
}

describe.each([
  ["fr", fr],
  ["en", en],
] as const)("the words in %s", (_, t) => {
  it.each([
    ["AuditEntry", "record", t.audit.records],
    ["AuditEntry", "operation", t.audit.operations],
    ["CustomerMerge", "warnings", t.merge.warningWords],
    ["MergeClash", "rule", t.merge.rules],
    ["MergedField", "proposed", t.merge.taken],
    ["MergedField", "field", t.fields],
    ["ReferenceTable", "name", t.settings.tables.names],
    ["CustomField", "kind", t.settings.fields.kinds],
    ["CustomField", "record", t.settings.fields.records],
    ["ThirdParty", "type", t.parties.types],
    ["Dossier", "code_padding", t.settings.dossier.paddings],
    ["Dossier", "credit_policy", t.settings.dossier.policies],
  ])("cover %s.%s", (schema, property, catalogue) => {
    const values = choices(contract.components.schemas[schema]?.properties?.[property]);
    expect(values.length).toBeGreaterThan(1);
    expect(Object.keys(catalogue)).toEqual(expect.arrayContaining(values));
  });
});
