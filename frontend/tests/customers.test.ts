import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { customerQuery, FLAGS, meaning, monthDay, noFilters, others, TEXTS } from "../src/screens/customers/criteria";

const contract = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../openapi/openapi.json", import.meta.url)), "utf8"),
) as { paths: Record<string, { get: { parameters: { name: string; in: string }[] } }> };

describe("the one search field", () => {
  it.each([
    ["nicolas", "q"],
    ["11505", "q"],
    ["C0000042", "q"],
    ["np@2dcom.fr", "email"],
    ["06 06 06 06 07", "phone"],
    ["0606060607", "phone"],
    ["+33 6 06 06 06 07", "phone"],
    ["2912345678901", "gencod"],
  ])("takes %s for %s", (typed, meant) => {
    expect(meaning(typed)).toBe(meant);
    expect(Object.keys(customerQuery({ ...noFilters(), q: typed }))).toEqual([meant]);
  });

  it("steps back where the criterion has a field of its own", () => {
    expect(customerQuery({ ...noFilters(), q: "0606060607", phone: "0240000000" })).toEqual({
      q: "0606060607",
      phone: "0240000000",
    });
  });
});

describe("the criteria", () => {
  it("ask for nothing at all when none is given: all customers", () => {
    expect(customerQuery(noFilters())).toEqual({});
    expect(others(noFilters())).toBe(0);
  });

  it("are all known to the contract", () => {
    const known = contract.paths["/v1/customers"]?.get.parameters.map((each) => each.name) ?? [];
    expect(known).toEqual(expect.arrayContaining([...TEXTS, ...FLAGS]));
  });

  it("ask for a flag, for its opposite, or for neither", () => {
    expect(customerQuery({ ...noFilters(), collectivity: "yes" })).toEqual({ collectivity: true });
    expect(customerQuery({ ...noFilters(), collectivity: "no" })).toEqual({ collectivity: false });
  });

  it("read birthdays as people write them, over New Year too", () => {
    expect(monthDay("4/1")).toBe("01-04");
    expect(monthDay("24-12")).toBe("12-24");
    expect(monthDay("31/02")).toBeNull();
    expect(monthDay("tomorrow")).toBeNull();
    const query = customerQuery({ ...noFilters(), birthdayFrom: "20/12", birthdayTo: "10/01" });
    expect(query).toEqual({ birthday_from: "12-20", birthday_to: "01-10" });
    expect(customerQuery({ ...noFilters(), birthdayFrom: "20/12" })).toEqual({
      birthday_from: "12-20",
      birthday_to: "12-20",
    });
  });

  it("are counted apart from the one field", () => {
    expect(others({ ...noFilters(), q: "x", birthdayFrom: "1/1", birthdayTo: "2/1", chorus: "yes" })).toBe(2);
  });
});
