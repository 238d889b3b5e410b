import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { customerQuery, noFilters as noCustomerFilters, others } from "../src/screens/customers/criteria";
import { invoiceQuery, noFilters } from "../src/screens/invoices/criteria";
import {
  nextStep,
  PLACES,
  remindersPatch,
  SCENARIOS,
  soundScenarios,
  unsoundStep,
  type TypedScenario,
} from "../src/screens/settings/reminders";

const contract = JSON.parse(
  readFileSync(fileURLToPath(new URL("../../openapi/openapi.json", import.meta.url)), "utf8"),
) as { paths: Record<string, { get: { parameters: { name: string }[] } }> };

function known(path: string): string[] {
  return contract.paths[path]?.get.parameters.map((each) => each.name) ?? [];
}

describe("the unpaid invoices", () => {
  it("are those that are not paid, unless asked otherwise", () => {
    expect(invoiceQuery(noFilters())).toEqual({ unpaid: true });
    expect(invoiceQuery({ ...noFilters(), settled: true })).toEqual({});
  });

  it("are asked for in words the contract knows", () => {
    const query = invoiceQuery({
      number: " F7 ",
      customer: "cus_1",
      payer: "cus_2",
      state: ["disputed"],
      dueFrom: "2026-01-01",
      dueTo: "2026-02-01",
      overdue: true,
      settled: false,
    });
    expect(query.number).toBe("F7");
    expect(query.state).toEqual(["disputed"]);
    expect(known("/v1/invoices")).toEqual(expect.arrayContaining(Object.keys(query)));
  });
});

describe("purchases and loyalty as criteria of the customer search", () => {
  const asked = {
    ...noCustomerFilters(),
    purchasedFrom: "2026-01-01",
    purchasedTo: "2026-02-01",
    purchasedEan: "978-2-87142-782-7",
    purchasedAuthor: " DRUON ",
    purchasedCategories: ["BD"],
    purchasesMin: "2",
    purchasesMax: "9",
    loyaltyUnderWay: "9",
    loyaltyShort: "1",
    lastButOneAuthor: "DRUON",
    lastButOneSeries: "LES ROIS",
  };

  it("are those of the contract, everywhere customers are selected", () => {
    const query = customerQuery(asked);
    expect(query).toEqual({
      purchased_from: "2026-01-01",
      purchased_to: "2026-02-01",
      purchased_ean: "9782871427827",
      purchased_author: "DRUON",
      purchased_category: ["BD"],
      purchases_min: 2,
      purchases_max: 9,
      loyalty_under_way: 9,
      loyalty_short: 1,
      last_but_one_author: "DRUON",
      last_but_one_series: "LES ROIS",
    });
    for (const path of ["", "/count", "/emails", "/labels.pdf", "/unpaid-invoices", "/unpaid-invoices/summary"])
      expect(known(`/v1/customers${path}`), path).toEqual(expect.arrayContaining(Object.keys(query)));
  });

  it("ask for nothing while they are half typed", () => {
    expect(customerQuery({ ...noCustomerFilters(), purchasedEan: "978287", loyaltyShort: "x" })).toEqual({});
    expect(others({ ...noCustomerFilters(), level: "shop" })).toBe(0);
  });
});

describe("the scenarios of reminders", () => {
  const one = nextStep([]);
  const two = nextStep([one]);

  it("begin with words that name all that must be said", () => {
    for (const words of [one.fr, one.en])
      for (const place of PLACES.filter((each) => each !== "echeance"))
        expect(`${words.subject} ${words.body}`).toContain(`{${place}}`);
  });

  it("come one after the other", () => {
    expect(Number(two.after)).toBeGreaterThan(Number(one.after));
    expect(unsoundStep(one, undefined)).toEqual([]);
    expect(unsoundStep(two, one)).toEqual([]);
    expect(unsoundStep({ ...two, after: one.after }, one)).toEqual(["after"]);
    expect(unsoundStep({ ...one, after: "-1" }, undefined)).toEqual(["after"]);
    expect(unsoundStep({ ...one, states: [] }, undefined)).toEqual(["states"]);
    expect(unsoundStep({ ...one, en: { subject: "", body: "x" } }, undefined)).toEqual(["en"]);
    expect(soundScenarios([{ family: "", steps: [] }])).toBe(false);
  });

  it("are sent whole; the general one has no family", () => {
    const scenarios: TypedScenario[] = [
      { family: "", steps: [one, two] },
      { family: "COLL", steps: [{ ...one, channel: "post", states: ["awaited", "bill"] }] },
    ];
    const sent = remindersPatch({ [SCENARIOS]: JSON.stringify(scenarios) }).reminders?.scenarios;
    expect(sent?.map((each) => [each.family, each.steps.map((step) => step.after_days)])).toEqual([
      [null, [15, 29]],
      ["COLL", [15]],
    ]);
    expect(sent?.[1]?.steps[0]).toMatchObject({ channel: "post", states: ["awaited", "bill"] });
  });
});
