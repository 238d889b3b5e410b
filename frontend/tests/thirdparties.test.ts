import { describe, expect, it } from "vitest";

import { BLANK, createOf, patchOf } from "../src/screens/third-parties/party";

describe("a third party's card as it is typed", () => {
  it("is created with its type and name, and what was filled in", () => {
    const text = {
      ...BLANK,
      "/type": "sales_rep",
      "/name": " DURAND ",
      "/commission": "2,5",
      "/address/town": "NANTES",
    };
    expect(createOf(text)).toEqual({
      type: "sales_rep",
      name: "DURAND",
      commission: "2.5",
      address: { town: "NANTES" },
    });
  });

  it("sends the touched fields, empties with null, and never its type or code", () => {
    const text = { ...BLANK, "/phone": "", "/name": "NATHAN", "/address/country": "be" };
    expect(patchOf(text, ["/phone", "/name", "/address/country", "/type", "/code"])).toEqual({
      phone: null,
      name: "NATHAN",
      address: { country: "BE" },
    });
  });

  it("sends the shop's own fields where they stand", () => {
    const text = { ...BLANK, "/custom_fields/FOU/DELAI": "8", "/custom_fields/FOU/RETOUR": true };
    expect(patchOf(text, ["/custom_fields/FOU/DELAI", "/custom_fields/FOU/RETOUR"])).toEqual({
      custom_fields: { FOU: { DELAI: "8", RETOUR: true } },
    });
  });
});
