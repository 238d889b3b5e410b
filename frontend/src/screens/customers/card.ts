/** The card as it is typed, and what of it goes to the server: only the fields a hand has changed. */
import type { Customer, CustomerPatch } from "../../api/types";

export interface CardText {
  kind: string;
  title: string;
  name: string;
  first_name: string;
  street: string;
  complement: string;
  postal_code: string;
  town: string;
  country: string;
  phone: string;
  no_sms: boolean;
  email: string;
  birth_date: string;
  comment: string;
  mail_order: boolean;
  collectivity: boolean;
  vat_exempt: boolean;
  fidelity_active: boolean;
}

export const BLANK: CardText = {
  kind: "person",
  title: "",
  name: "",
  first_name: "",
  street: "",
  complement: "",
  postal_code: "",
  town: "",
  country: "FR",
  phone: "",
  no_sms: false,
  email: "",
  birth_date: "",
  comment: "",
  mail_order: false,
  collectivity: false,
  vat_exempt: false,
  fidelity_active: false,
};

export function textOf(customer: Customer): CardText {
  return {
    kind: customer.kind,
    title: customer.title ?? "",
    name: customer.name,
    first_name: customer.first_name ?? "",
    street: customer.address.street ?? "",
    complement: customer.address.complement ?? "",
    postal_code: customer.address.postal_code ?? "",
    town: customer.address.town ?? "",
    country: customer.address.country,
    phone: customer.phone ?? "",
    no_sms: customer.no_sms,
    email: customer.email ?? "",
    birth_date: customer.birth_date ?? "",
    comment: customer.comment ?? "",
    mail_order: customer.mail_order,
    collectivity: customer.collectivity,
    vat_exempt: customer.vat_exempt,
    fidelity_active: customer.fidelity_active,
  };
}

const ADDRESS = ["street", "complement", "postal_code", "town", "country"] as const;
const TEXTS = ["title", "first_name", "phone", "email", "birth_date", "comment"] as const;
const FLAGS = ["no_sms", "mail_order", "collectivity", "vat_exempt", "fidelity_active"] as const;

export function changed(base: CardText, now: CardText): (keyof CardText)[] {
  return (Object.keys(now) as (keyof CardText)[]).filter((field) => base[field] !== now[field]);
}

/** A merge patch: absent stays, null empties. */
export function patchOf(base: CardText, now: CardText): CustomerPatch {
  const fields = new Set(changed(base, now));
  const address: NonNullable<CustomerPatch["address"]> = {};
  for (const field of ADDRESS) {
    if (!fields.has(field)) continue;
    if (field === "country") address.country = now.country.trim().toUpperCase() || "FR";
    else address[field] = now[field].trim() || null;
  }
  const patch: CustomerPatch = {};
  if (fields.has("name")) patch.name = now.name.trim();
  if (fields.has("kind")) patch.kind = now.kind === "organisation" ? "organisation" : "person";
  for (const field of TEXTS) if (fields.has(field)) patch[field] = now[field].trim() || null;
  for (const field of FLAGS) if (fields.has(field)) patch[field] = now[field];
  if (Object.keys(address).length) patch.address = address;
  return patch;
}
