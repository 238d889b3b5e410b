/** The header of an order as it is typed, and what of it goes to the server. Pure. */
import { ProblemError } from "../../api/problem";
import type { Order, OrderPatch } from "../../api/types";
import { parseAmount, typedAmount } from "../../lib/format";
import { flagAt, textAt, written, type Typed, type Value } from "../customers/form";

const CONTACT = ["title", "name", "first_name", "email", "phone"] as const;
export const ADDRESS = [
  "recipient",
  "complement",
  "building",
  "street",
  "locality",
  "postal_code",
  "town",
  "country",
] as const;
const TEXTS = ["customer_reference", "comment"] as const;
const CHOICES = ["billed_to_id", "billing_address_id", "delivery_address_id", "contact_id", "bank_account_id"] as const;
const FLAGS = ["back_orders", "mail_order", "vat_exempt"] as const;
const ON_CONTACT = "/contact/";

/** Every field of the tab, by the pointer the server names it with. */
export const HEADER_FIELDS: readonly string[] = [
  ...[...TEXTS, ...CHOICES, ...FLAGS].map((name) => `/${name}`),
  ...CONTACT.map((name) => `/contact/${name}`),
  ...ADDRESS.map((name) => `/contact/address/${name}`),
  "/delivery_charge",
];

export function headerOf(order: Order): Typed {
  const typed: Record<string, Value> = {
    "/customer_reference": order.customer_reference ?? "",
    "/comment": order.comment ?? "",
    "/billed_to_id": order.billed_to?.customer_id ?? "",
    "/billing_address_id": order.billed_to?.address_id ?? "",
    "/delivery_charge": typedAmount(order.delivery_charge.amount),
  };
  for (const name of ["delivery_address_id", "contact_id", "bank_account_id"] as const)
    typed[`/${name}`] = order[name] ?? "";
  for (const name of FLAGS) typed[`/${name}`] = order[name];
  for (const name of CONTACT) typed[`/contact/${name}`] = order.contact[name] ?? "";
  for (const name of ADDRESS) typed[`/contact/address/${name}`] = order.contact.address[name] ?? "";
  return typed;
}

function contactOf(text: Typed): NonNullable<OrderPatch["contact"]> {
  const country = written(text, "/contact/address/country");
  return {
    title: written(text, "/contact/title"),
    name: textAt(text, "/contact/name").trim(),
    first_name: written(text, "/contact/first_name"),
    email: written(text, "/contact/email"),
    phone: written(text, "/contact/phone"),
    address: {
      recipient: written(text, "/contact/address/recipient"),
      complement: written(text, "/contact/address/complement"),
      building: written(text, "/contact/address/building"),
      street: written(text, "/contact/address/street"),
      locality: written(text, "/contact/address/locality"),
      postal_code: written(text, "/contact/address/postal_code"),
      town: written(text, "/contact/address/town"),
      ...(country ? { country } : {}),
    },
  };
}

/** The merge patch of the touched fields; the contact goes whole. `wrong` is said of a charge that is no amount. */
export function headerPatch(text: Typed, fields: string[], wrong: string): OrderPatch {
  const patch: OrderPatch = {};
  for (const name of TEXTS) if (fields.includes(`/${name}`)) patch[name] = written(text, `/${name}`);
  for (const name of CHOICES) if (fields.includes(`/${name}`)) patch[name] = written(text, `/${name}`);
  for (const name of FLAGS) if (fields.includes(`/${name}`)) patch[name] = flagAt(text, `/${name}`);
  if (fields.some((field) => field.startsWith(ON_CONTACT))) patch.contact = contactOf(text);
  if (fields.includes("/delivery_charge")) {
    const typed = textAt(text, "/delivery_charge").trim();
    const amount = parseAmount(typed);
    if (typed && amount === null)
      throw new ProblemError(422, "amount", wrong, "", [{ detail: wrong, pointer: "#/delivery_charge" }]);
    // nothing typed is the least that the law allows
    patch.delivery_charge = amount === null ? null : { amount };
  }
  return patch;
}
