import { describe, expect, it } from "vitest";

import type { Dossier } from "../src/api/types";
import { exampleLevels, parsedSegments, typedSegments } from "../src/screens/settings/axes";
import { dossierPatch, listed, typedDossier, unlisted, unsound } from "../src/screens/settings/dossier";
import { matching, moved } from "../src/screens/settings/order";
import { RIGHTS, rightsOf, scopesOf, typedRights, typedScopes } from "../src/screens/settings/rights";

function placed(...codes: string[]): { code: string; position: number }[] {
  return codes.map((code, index) => ({ code, position: (index + 1) * 10 }));
}

describe("a value moved in its table", () => {
  it("changes places with its neighbour, and nobody else is written", () => {
    expect(moved(placed("A", "B", "C"), "C", -1)).toEqual([
      { code: "C", position: 20 },
      { code: "B", position: 30 },
    ]);
    expect(moved(placed("A", "B", "C"), "A", 1)).toEqual([
      { code: "B", position: 10 },
      { code: "A", position: 20 },
    ]);
  });

  it("stays at the ends", () => {
    expect(moved(placed("A", "B"), "A", -1)).toEqual([]);
    expect(moved(placed("A", "B"), "B", 1)).toEqual([]);
    expect(moved(placed("A", "B"), "none", 1)).toEqual([]);
  });

  it("gives everybody a number of his own where some share one", () => {
    const values = ["A", "B", "C"].map((code) => ({ code, position: 1 }));
    expect(moved(values, "B", 1)).toEqual([
      { code: "C", position: 2 },
      { code: "B", position: 3 },
    ]);
  });
});

describe("the filter of a table", () => {
  const values = [
    { code: "FR", label: "France", label_en: null },
    { code: "RE", label: "La Réunion", label_en: "Réunion" },
    { code: "SE", label: "Suède", label_en: "Sweden" },
  ];

  it("finds by code and by either label, accents aside", () => {
    expect(matching(values, "reunion").map((value) => value.code)).toEqual(["RE"]);
    expect(matching(values, "sweden").map((value) => value.code)).toEqual(["SE"]);
    expect(matching(values, "fr").map((value) => value.code)).toEqual(["FR"]);
    expect(matching(values, " ")).toHaveLength(3);
  });
});

describe("the levels of a statistics code", () => {
  it("are one to four rising lengths", () => {
    expect(parsedSegments("2, 4,8")).toEqual([2, 4, 8]);
    expect(parsedSegments("2 4 6 8")).toEqual([2, 4, 6, 8]);
    expect(parsedSegments("")).toEqual([]);
    expect(typedSegments([2, 4, 8])).toBe("2, 4, 8");
  });

  it.each(["4, 2", "2, 2", "9", "0", "1,2,3,4,5", "deux"])("are not %s", (typed) => {
    expect(parsedSegments(typed)).toBeNull();
  });

  it("cut the example as they cut a code", () => {
    expect(exampleLevels([2, 4, 8])).toEqual(["FR", "FR44", "FR44ABCD"]);
  });
});

describe("the rights of a user", () => {
  it("come back as they were said", () => {
    const scopes = ["customers:read", "customers:write", "orders:read", "customers:approve", "confidential:DIR"];
    expect(scopesOf(rightsOf(scopes)).sort()).toEqual([...scopes].sort());
    expect(typedScopes(typedRights(scopes)).sort()).toEqual([...scopes].sort());
  });

  it("read the wildcard of an area as all of it", () => {
    const rights = rightsOf(["customers:*"]);
    expect(rights.areas.customers).toBe("write");
    expect([rights.approve, rights.anonymise]).toEqual([true, true]);
  });

  it("know the supply side, and what only some may do to an order", () => {
    const scopes = ["supply:read", "supply:write", "orders:reopen", "orders:queue"];
    expect(rightsOf(scopes).areas.supply).toBe("write");
    expect(scopesOf(rightsOf(scopes)).sort()).toEqual([...scopes].sort());
    const rights = rightsOf(["orders:*"]);
    expect([rights.reopen, rights.queue]).toEqual([true, true]);
  });

  it("let somebody see the statistics, which nobody changes", () => {
    expect(rightsOf(["statistics:read"])).toMatchObject({ statistics: true, other: [] });
    expect(scopesOf(rightsOf(["statistics:*"]))).toEqual(["statistics:read"]);
    expect(typedScopes(typedRights(["statistics:read"]))).toEqual(["statistics:read"]);
    expect(rightsOf(["orders:*"]).statistics).toBe(false);
  });

  it("keep what this page does not know", () => {
    expect(scopesOf(rightsOf(["admin", "weather:write"]))).toEqual(["admin", "weather:write"]);
  });

  it("say no code when every confidential card may be seen", () => {
    expect(scopesOf(rightsOf(["confidential:*", "confidential:DIR"]))).toEqual(["confidential:*"]);
  });

  it("are fields of one form", () => {
    expect(Object.keys(typedRights([])).every((field) => field.startsWith(RIGHTS))).toBe(true);
  });
});

const dossier: Dossier = {
  code: "demo",
  name: "Librairie",
  address: "7, quai",
  time_zone: "Europe/Paris",
  code_padding: "none",
  customer_prefix: "C",
  contact_roles: { order: "CDE", delivery_note: "LIV", invoice: "FAC", reminder: "REL", quote: "DEV" },
  stat_axes: [
    { number: 1, label: "Secteur", segments: [2, 4] },
    { number: 2, label: "Deux", segments: [8] },
    { number: 3, label: "Trois", segments: [] },
  ],
  back_orders: { quotes: false, orders: true, delivery_notes: true },
  credit_policy: "warn",
  flash_customer_ids: ["usr_b", "usr_a"],
  flash_third_party_ids: [],
  fiscal_month: 1,
  gln: null,
  siret: null,
  retention_years: 3,
  book_law: [],
  known_law: [],
  pickup: { days: 14, by_category: {}, closed_weekdays: [], closed_dates: [] },
  old_after_days: 14,
  messages: {
    channels: ["email", "sms"],
    steps: [{ event: "arrival", after_days: 0 }],
    automatic: ["arrival"],
    grace_minutes: 15,
    from_hour: 9,
    to_hour: 19,
  },
  loyalty: { programs: [] },
  reminders: { scenarios: [] },
  version: 4,
};

describe("the company file as it is typed", () => {
  const typed = typedDossier(dossier);

  it("sends only what was touched", () => {
    expect(dossierPatch({ ...typed, "/fiscal_month": "9" }, ["/fiscal_month"])).toEqual({ fiscal_month: 9 });
    expect(dossierPatch({ ...typed, "/contact_roles/order": "DIR" }, ["/contact_roles/order"])).toEqual({
      contact_roles: { order: "DIR" },
    });
    expect(dossierPatch({ ...typed, "/back_orders/quotes": true }, ["/back_orders/quotes"])).toEqual({
      back_orders: { quotes: true },
    });
  });

  it("sends the three axes together", () => {
    const patch = dossierPatch({ ...typed, "/stat_axes/2/segments": "3, 6" }, ["/stat_axes/2/segments"]);
    expect(patch).toEqual({
      stat_axes: [
        { label: "Secteur", segments: [2, 4] },
        { label: "Deux", segments: [8] },
        { label: "Trois", segments: [3, 6] },
      ],
    });
  });

  it("lists people in one order, whoever was ticked first", () => {
    expect(typed["/flash_customer_ids"]).toBe("usr_a usr_b");
    expect(unlisted(listed(["usr_b", "usr_a"]))).toEqual(["usr_a", "usr_b"]);
    expect(dossierPatch({ ...typed, "/flash_customer_ids": "" }, ["/flash_customer_ids"])).toEqual({
      flash_customer_ids: [],
    });
  });

  it("says what cannot be sent", () => {
    expect(unsound(typed)).toEqual([]);
    expect(
      unsound({ ...typed, "/stat_axes/0/segments": "9", "/customer_prefix": "C1", "/retention_years": "0" }),
    ).toEqual(["/stat_axes/0/segments", "/customer_prefix", "/retention_years"]);
  });
});
