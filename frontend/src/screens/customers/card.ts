/** The card as it is typed, and what of it goes to the server: only the fields a hand has changed. */
import { ProblemError } from "../../api/problem";
import type { Customer, CustomerCreate, CustomerPatch } from "../../api/types";
import { parseAmount, typedAmount } from "../../lib/format";
import { flagAt, nested, textAt, written, type Typed } from "./form";

export const ADDRESS = [
  "/address/recipient",
  "/address/complement",
  "/address/building",
  "/address/street",
  "/address/locality",
  "/address/postal_code",
  "/address/town",
] as const;

const PLAIN = [
  "title",
  "first_name",
  "short_name",
  "barcode",
  "email",
  "phone",
  "fax",
  "comment",
  "birth_date",
  "category",
  "language",
  "siret",
  "vat_number",
  "tariff_code",
  "account_number",
  "our_code",
  "payment_mode",
  "print_mode",
  "reminder_family",
  "confidentiality_code",
  "billed_to_id",
  "group_id",
  "statistics_party_id",
  "payment_party_id",
  "sales_admin_id",
  "stat_1",
  "stat_2",
  "stat_3",
  "fidelity_started_on",
  "fidelity_number",
  "fidelity_program",
  "light_message",
  "closed_on",
] as const;

const FLAGS = [
  "no_sms",
  "mail_order",
  "collectivity",
  "lending_library",
  "vat_exempt",
  "on_account",
  "fidelity_active",
] as const;

const CHORUS = ["siret", "service_code", "engagement_number"] as const;
const CHORUS_FLAGS = ["enabled", "service_required", "engagement_required"] as const;
export const BACK_ORDERS = ["quotes", "orders", "delivery_notes"] as const;
const CEILINGS = ["management_ceiling", "insurance_ceiling"] as const;
export const MOST_SALES_REPS = 3;
const CUSTOM = "/custom_fields/";

/** "33.50" → "33,5", as a hand writes it */
export function typedRate(share: string): string {
  return (share.includes(".") ? share.replace(/0+$/, "").replace(/\.$/, "") : share).replace(".", ",");
}

/** "33,5 %" → "33.5", as the contract has it */
export function wireRate(typed: string): string {
  return typed.replace(/[\s\u00a0\u202f%]/g, "").replace(",", ".");
}

function blank(): Record<string, string | boolean> {
  const text: Record<string, string | boolean> = { "/name": "", "/kind": "person", "/light": "green" };
  for (const field of ADDRESS) text[field] = "";
  text["/address/country"] = "FR";
  for (const field of PLAIN) text[`/${field}`] = "";
  for (const field of FLAGS) text[`/${field}`] = false;
  for (const field of CHORUS) text[`/chorus/${field}`] = "";
  for (const field of CHORUS_FLAGS) text[`/chorus/${field}`] = false;
  for (const field of BACK_ORDERS) text[`/back_orders/${field}`] = "inherit";
  for (const field of CEILINGS) text[`/${field}`] = "";
  for (let at = 0; at < MOST_SALES_REPS; at += 1) {
    text[`/sales_reps/${String(at)}/third_party_id`] = "";
    text[`/sales_reps/${String(at)}/share`] = "";
  }
  return text;
}

export const BLANK: Typed = blank();

/** Every field of the card, by its pointer (the shop's own fields come beside them). */
export const FIELDS: readonly string[] = Object.keys(BLANK);

export function textOf(customer: Customer): Typed {
  const text = blank();
  text["/name"] = customer.name;
  text["/kind"] = customer.kind;
  text["/light"] = customer.light;
  const { address, chorus } = customer;
  text["/address/recipient"] = address.recipient ?? "";
  text["/address/complement"] = address.complement ?? "";
  text["/address/building"] = address.building ?? "";
  text["/address/street"] = address.street ?? "";
  text["/address/locality"] = address.locality ?? "";
  text["/address/postal_code"] = address.postal_code ?? "";
  text["/address/town"] = address.town ?? "";
  text["/address/country"] = address.country;
  for (const field of PLAIN) text[`/${field}`] = customer[field] ?? "";
  for (const field of FLAGS) text[`/${field}`] = customer[field];
  for (const field of CHORUS) text[`/chorus/${field}`] = chorus[field] ?? "";
  for (const field of CHORUS_FLAGS) text[`/chorus/${field}`] = chorus[field];
  for (const field of BACK_ORDERS) text[`/back_orders/${field}`] = customer.back_orders[field];
  for (const field of CEILINGS) {
    // a nil ceiling means that credit is not controlled: nothing is written in the field
    text[`/${field}`] = Number(customer[field].amount) === 0 ? "" : typedAmount(customer[field].amount);
  }
  customer.sales_reps.slice(0, MOST_SALES_REPS).forEach((rep, at) => {
    text[`/sales_reps/${String(at)}/third_party_id`] = rep.third_party_id;
    text[`/sales_reps/${String(at)}/share`] = typedRate(rep.share);
  });
  for (const [questionnaire, answers] of Object.entries(customer.custom_fields)) {
    for (const [code, value] of Object.entries(answers)) text[customField(questionnaire, code)] = value ?? "";
  }
  return text;
}

export function customField(questionnaire: string, code: string): string {
  return `${CUSTOM}${questionnaire}/${code}`;
}

/** Who a customer is, on one line. */
export function fullName(customer: { name: string; first_name: string | null }): string {
  return [customer.name, customer.first_name].filter(Boolean).join(" ");
}

type Wire = Parameters<typeof nested>[0][string];

function salesReps(text: Typed): Wire {
  const reps: Wire[] = [];
  for (let at = 0; at < MOST_SALES_REPS; at += 1) {
    const id = written(text, `/sales_reps/${String(at)}/third_party_id`);
    const share = wireRate(textAt(text, `/sales_reps/${String(at)}/share`)) || "0";
    if (id) reps.push({ third_party_id: id, share });
  }
  return reps;
}

function amount(text: Typed, field: string, wrong: string): Wire {
  const typed = textAt(text, field).trim();
  if (!typed) return null;
  const value = parseAmount(typed);
  if (value === null) throw new ProblemError(422, "page-field", wrong, "", [{ pointer: field, detail: wrong }]);
  return { amount: value, currency: "EUR" };
}

function wire(text: Typed, field: string, wrongAmount: string): Wire {
  if (field === "/name") return textAt(text, field).trim();
  if (field === "/address/country") return textAt(text, field).trim().toUpperCase() || "FR";
  if (field === "/kind" || field === "/light" || field.startsWith("/back_orders/")) return textAt(text, field);
  if ((CEILINGS as readonly string[]).includes(field.slice(1))) return amount(text, field, wrongAmount);
  return typeof BLANK[field] === "boolean" ? flagAt(text, field) : written(text, field);
}

function fields(text: Typed, names: readonly string[], wrongAmount: string): ReturnType<typeof nested> {
  const sent: Record<string, Wire> = {};
  for (const name of names) {
    if (name.startsWith("/sales_reps/")) sent["/sales_reps"] = salesReps(text);
    else sent[name] = wire(text, name, wrongAmount);
  }
  return nested(sent);
}

/** A merge patch: absent stays, null empties; the sales reps go whole. */
export function patchOf(text: Typed, names: readonly string[], wrongAmount = ""): CustomerPatch {
  // the pointers are those of the contract; tests/card.test.ts holds them against it
  return fields(text, names, wrongAmount) as CustomerPatch;
}

/** A new card: what differs from a blank one. */
export function createOf(text: Typed, wrongAmount = ""): CustomerCreate {
  const typed = Object.keys(text).filter((name) => name !== "/name" && text[name] !== BLANK[name]);
  return { ...fields(text, typed, wrongAmount), name: textAt(text, "/name").trim() } as CustomerCreate;
}
