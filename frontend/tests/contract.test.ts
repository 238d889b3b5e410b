/** The page against the contract: every value the API may answer has its word, every recorded amount reads as money. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { en } from "../src/i18n/en";
import { fr } from "../src/i18n/fr";
import { date, money } from "../src/lib/format";

const home = fileURLToPath(new URL("../../openapi/", import.meta.url));

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const contract = JSON.parse(readFileSync(`${home}openapi.json`, "utf8")) as {
  components: { schemas: Record<string, { properties?: Record<string, Json> }> };
};

function choices(node: Json): string[] {
  if (Array.isArray(node)) return node.flatMap(choices);
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === "x-extensible-enum" && Array.isArray(value) ? value.map(String) : choices(value),
  );
}

function valuesOf(schema: string, property: string): string[] {
  return choices(contract.components.schemas[schema]?.properties?.[property] ?? null);
}

describe.each([
  ["fr", fr],
  ["en", en],
] as const)("the words in %s", (_, words) => {
  it.each([
    ["OrderSummary", "status", words.status],
    ["OrderSummary", "status", words.statusShort],
    ["Order", "origin", words.order.origins],
    ["Order", "payment_state", words.order.paymentStates],
    ["Payment", "kind", words.order.kinds],
    ["Payment", "method", words.order.methods],
    ["Reservation", "state", words.reservations.states],
    ["Reservation", "end_cause", words.reservations.causes],
    ["Scan", "outcome", words.scan.outcome],
    ["Customer", "kind", words.customer.kinds],
    ["LoyaltyEntry", "cause", words.loyalty.causes],
    ["NamedDepositEntry", "cause", words.loyalty.deposit.causes],
    ["Purchase", "source", words.loyalty.purchases.sources],
    ["PricedLine", "price_source", words.loyalty.lookup.sources],
    ["Invoice", "state", words.invoices.states],
    ["Reminder", "channel", words.reminders.channels],
    ["Message", "channel", words.messages.channels],
    ["Message", "event", words.messages.events],
    ["Message", "state", words.messages.states],
    ["Message", "state", words.messages.stateHelp],
    ["Message", "reason", words.messages.reasons],
    ["Message", "purpose", words.messages.purposes],
    ["Message", "language", words.messages.languages],
  ])("cover %s.%s", (schema, property, catalogue) => {
    const values = valuesOf(schema, property);
    expect(values.length).toBeGreaterThan(1);
    expect(Object.keys(catalogue)).toEqual(expect.arrayContaining(values));
  });
});

function walk(node: Json, visit: (key: string, value: Json) => void): void {
  if (Array.isArray(node)) for (const item of node) walk(item, visit);
  else if (typeof node === "object" && node !== null)
    for (const [key, value] of Object.entries(node)) {
      visit(key, value);
      walk(value, visit);
    }
}

const examples = existsSync(`${home}examples`)
  ? readdirSync(`${home}examples`).filter((name) => name.endsWith(".json"))
  : [];

describe("what the API tests recorded", () => {
  it("reads as amounts and dates", () => {
    for (const name of examples) {
      walk(JSON.parse(readFileSync(`${home}examples/${name}`, "utf8")) as Json, (key, value) => {
        if (typeof value === "object" && value !== null && !Array.isArray(value) && typeof value["amount"] === "string")
          expect(money({ amount: value["amount"], currency: "EUR" }), `${name}: ${key}`).toMatch(
            /^-?[\d\u202f]+,\d\d\u00a0€$/,
          );
        if (key.endsWith("_at") && typeof value === "string")
          expect(date(value), `${name}: ${key}`).toMatch(/^\d\d\/\d\d\/\d{4}$/);
      });
    }
  });
});
