import { describe, expect, it } from "vitest";

import { BLANK, changed, patchOf } from "../src/screens/customers/card";

const before = { ...BLANK, name: "NICOLAS", phone: "0606060607", town: "NANTES" };

describe("the patch of a customer card", () => {
  it("holds only what a hand has changed", () => {
    expect(patchOf(before, { ...before, phone: "0240000000" })).toEqual({ phone: "0240000000" });
  });

  it("empties with null", () => {
    expect(patchOf(before, { ...before, phone: " ", town: "" })).toEqual({ phone: null, address: { town: null } });
  });

  it("is empty when nothing changed", () => {
    expect(patchOf(before, { ...before })).toEqual({});
    expect(changed(before, { ...before })).toEqual([]);
  });

  it("turns flags on and off", () => {
    expect(patchOf(before, { ...before, no_sms: true })).toEqual({ no_sms: true });
  });
});
