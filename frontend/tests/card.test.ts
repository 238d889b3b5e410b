import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import type { Customer } from "../src/api/types";
import { fr } from "../src/i18n/fr";
import { BLANK, createOf, FIELDS, patchOf, textOf, typedRate, wireRate } from "../src/screens/customers/card";
import {
  conflicts,
  decide,
  nested,
  outgoing,
  overlaid,
  touch,
  UNTOUCHED,
  type Touched,
} from "../src/screens/customers/form";
import { CARD_TABS, tabOf } from "../src/screens/customers/layout";
import { accountNumber, discountWire } from "../src/screens/customers/parts/wire";

const contract = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../openapi/openapi.json", import.meta.url)), "utf8"),
) as { components: { schemas: Record<string, { properties?: Record<string, unknown> }> } };

const saved = { ...BLANK, "/name": "NICOLAS", "/phone": "0606060607", "/address/town": "NANTES" };

describe("the patch of a customer card", () => {
  it("holds only the fields named", () => {
    expect(patchOf({ ...saved, "/phone": "0240000000" }, ["/phone"])).toEqual({ phone: "0240000000" });
  });

  it("empties with null, inside the address too", () => {
    const text = { ...saved, "/phone": " ", "/address/town": "" };
    expect(patchOf(text, ["/phone", "/address/town"])).toEqual({ phone: null, address: { town: null } });
  });

  it("turns flags on and off, in the card and in Chorus", () => {
    const text = { ...saved, "/no_sms": true, "/chorus/enabled": false };
    expect(patchOf(text, ["/no_sms", "/chorus/enabled"])).toEqual({ no_sms: true, chorus: { enabled: false } });
  });

  it("sends the sales reps whole, without the places left empty", () => {
    const text = {
      ...saved,
      "/sales_reps/0/third_party_id": "tpa_1",
      "/sales_reps/0/share": "33,5",
      "/sales_reps/2/share": "12",
    };
    expect(patchOf(text, ["/sales_reps/0/share"])).toEqual({
      sales_reps: [{ third_party_id: "tpa_1", share: "33.5" }],
    });
  });

  it("reads a ceiling as a hand writes it, and takes an empty one away", () => {
    expect(patchOf({ ...saved, "/management_ceiling": "1 500" }, ["/management_ceiling"])).toEqual({
      management_ceiling: { amount: "1500.00", currency: "EUR" },
    });
    expect(patchOf(saved, ["/management_ceiling"])).toEqual({ management_ceiling: null });
  });

  it("says beside the field that an amount is none, and sends nothing", () => {
    const text = { ...saved, "/insurance_ceiling": "beaucoup" };
    expect(() => patchOf(text, ["/insurance_ceiling"], "Un montant")).toThrow(
      expect.objectContaining({ errors: [{ pointer: "/insurance_ceiling", detail: "Un montant" }] }),
    );
  });

  it("keeps the shop's own fields as the text they are, and empties them with null", () => {
    const text = { ...saved, "/custom_fields/CLUB/A100": "", "/custom_fields/CLUB/A200": "polar" };
    expect(patchOf(text, ["/custom_fields/CLUB/A100", "/custom_fields/CLUB/A200"])).toEqual({
      custom_fields: { CLUB: { A100: null, A200: "polar" } },
    });
  });
});

describe("a new card", () => {
  it("says what was typed and leaves the rest to the shop", () => {
    expect(createOf({ ...BLANK, "/name": " MARTIN ", "/address/town": "Nantes", "/collectivity": true })).toEqual({
      name: "MARTIN",
      address: { town: "Nantes" },
      collectivity: true,
    });
  });
});

describe("the fields of the card", () => {
  const patch = contract.components.schemas["CustomerPatch"]?.properties ?? {};

  it("are those of the contract, every one of them", () => {
    const names = new Set(FIELDS.map((field) => field.split("/")[1] ?? ""));
    expect([...names, "custom_fields"].sort()).toEqual(Object.keys(patch).sort());
  });

  it("have a label and a tab each", () => {
    const labels = Object.keys(fr.customer.fields);
    const plain = FIELDS.filter((field) => !field.startsWith("/sales_reps/"));
    expect(plain.filter((field) => !labels.includes(field))).toEqual([]);
    expect(CARD_TABS).toContain(tabOf("/name"));
    expect(tabOf("/chorus/siret")).toBe("chorus");
    expect(tabOf("/sales_reps/1/share")).toBe("accounting");
    expect(tabOf("/custom_fields/CLUB/A100")).toBe("extra");
    expect(tabOf("/fidelity_number")).toBe("fidelity");
  });

  it("read back from a recorded answer as they are written", () => {
    const examples = fileURLToPath(new URL("../../openapi/examples/getCustomer.json", import.meta.url));
    const recorded = JSON.parse(readFileSync(examples, "utf8")) as {
      examples: { response: { body: Customer } }[];
    };
    const card = recorded.examples[0]?.response.body;
    const text = card ? textOf(card) : {};
    expect(Object.keys(text)).toEqual(expect.arrayContaining([...FIELDS]));
  });

  it("write a rate as people do, and read it back", () => {
    expect([typedRate("100.00"), typedRate("33.50"), typedRate("0.00"), typedRate("100")]).toEqual([
      "100",
      "33,5",
      "0",
      "100",
    ]);
    expect(wireRate("33,5 %")).toBe("33.5");
  });
});

describe("what is typed over a saved record", () => {
  it("is shown over it, and is forgotten when put back", () => {
    const touched = touch(UNTOUCHED, saved, "/phone", "0240000000");
    expect(overlaid(saved, touched)["/phone"]).toBe("0240000000");
    expect(overlaid(saved, touched)["/name"]).toBe("NICOLAS");
    expect(touch(touched, saved, "/phone", "0606060607")).toEqual({});
  });

  it("lets the untouched fields follow what others save", () => {
    const touched = touch(UNTOUCHED, saved, "/phone", "0240000000");
    const theirs = { ...saved, "/name": "NICOLAS-DUVAL" };
    expect(overlaid(theirs, touched)["/name"]).toBe("NICOLAS-DUVAL");
    expect(conflicts(touched, theirs)).toEqual([]);
    expect(outgoing(touched, theirs)).toEqual(["/phone"]);
  });

  it("conflicts only where somebody else changed the same field to something else", () => {
    const touched = touch(touch(UNTOUCHED, saved, "/phone", "1"), saved, "/comment", "same");
    const theirs = { ...saved, "/phone": "2", "/comment": "same" };
    expect(conflicts(touched, theirs)).toEqual([{ field: "/phone", mine: "1", theirs: "2" }]);
    expect(outgoing(touched, theirs)).toEqual(["/phone"]);
  });

  it("is decided field by field", () => {
    const both: Touched = { "/phone": { was: "0", now: "1" }, "/comment": { was: "", now: "a" } };
    const theirs = { ...saved, "/phone": "2", "/comment": "b" };
    const mine = decide(both, theirs, "/phone", "mine");
    expect(conflicts(mine, theirs).map(({ field }) => field)).toEqual(["/comment"]);
    const done = decide(mine, theirs, "/comment", "theirs");
    expect(conflicts(done, theirs)).toEqual([]);
    expect(overlaid(theirs, done)["/comment"]).toBe("b");
    expect(outgoing(done, theirs)).toEqual(["/phone"]);
  });

  it("is not sent where others have saved the same meanwhile", () => {
    const touched = touch(UNTOUCHED, saved, "/phone", "2");
    expect(outgoing(touched, { ...saved, "/phone": "2" })).toEqual([]);
  });
});

describe("a body", () => {
  it("is nested by the pointers of its fields", () => {
    expect(nested({ "/a": "1", "/b/c": null, "/b/d": true })).toEqual({ a: "1", b: { c: null, d: true } });
  });

  it("of a bank account holds the IBAN, the 23 characters of a RIB, or its four parts", () => {
    expect(accountNumber({ "/by": "iban", "/iban": "fr14 2004 1010 0505 0001 3M02 606" })).toEqual({
      iban: "FR1420041010050500013M02606",
    });
    expect(accountNumber({ "/by": "iban", "/iban": "20041 01005 0500013M026 06" })).toEqual({
      rib: "20041010050500013M02606",
    });
    const parts = { "/rib/bank": "20041", "/rib/branch": "01005", "/rib/account": "0500013m026", "/rib/key": "06" };
    expect(accountNumber({ "/by": "rib", "/iban": "", ...parts })).toEqual({ rib: "20041010050500013M02606" });
  });

  it("of a discount leaves out what its scope does not need", () => {
    const text = { "/scope": "category", "/vat_rate": "5.50", "/category": "BD", "/percent": "5" };
    expect(discountWire(text, ["/scope", "/percent"])).toEqual({
      scope: "category",
      percent: "5",
      category: "BD",
      vat_rate: null,
    });
  });
});
