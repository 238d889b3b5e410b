/** What hangs on a card as it is sent: from the fields of its form to the body of a request. Pure. */
import { wireRate } from "../card";
import { flagAt, nested, textAt, written, type Typed } from "../form";

/** The documents for which a card names an address and a contact. */
export const DOCUMENTS = ["quote", "order", "delivery_note", "invoice", "reminder"] as const;
type Wire = Parameters<typeof nested>[0];
type Writer = (text: Typed, field: string) => Wire[string];

/** The fields named, each as its kind is written; absent ones stay away. */
export function sent(text: Typed, fields: readonly string[], write: Writer): ReturnType<typeof nested> {
  return nested(Object.fromEntries(fields.map((field) => [field, write(text, field)])));
}

function plain(text: Typed, field: string): Wire[string] {
  return typeof text[field] === "boolean" ? flagAt(text, field) : written(text, field);
}

export function contactWire(text: Typed, field: string): Wire[string] {
  return field === "/name" ? textAt(text, field).trim() : plain(text, field);
}

export const RIB = ["bank", "branch", "account", "key"] as const;

function compact(text: string): string {
  return text.replace(/[\s\u00a0.-]/g, "").toUpperCase();
}

/** The account number as it goes: the four parts or 23 characters are a RIB, everything else an IBAN. */
export function accountNumber(text: Typed): { iban?: string; rib?: string } {
  const parts = RIB.map((part) => compact(textAt(text, `/rib/${part}`))).join("");
  const iban = compact(textAt(text, "/iban"));
  if (parts && textAt(text, "/by") === "rib") return { rib: parts };
  return /^\d[0-9A-Z]{22}$/.test(iban) ? { rib: iban } : { iban };
}

export function accountWire(text: Typed, names: readonly string[]): Wire {
  const own = names.filter((name) => name !== "/by" && name !== "/iban" && !name.startsWith("/rib/"));
  const isNumber = names.some((name) => name === "/iban" || name.startsWith("/rib/"));
  return { ...sent(text, own, plain), ...(isNumber ? accountNumber(text) : {}) };
}

export const LINES = ["recipient", "complement", "building", "street", "locality", "postal_code", "town"] as const;

export function addressWire(text: Typed, names: readonly string[]): Wire {
  const own = names.filter((name) => !/^\/(allowed|default)_for\//.test(name));
  const wire = sent(text, own, (typed, field) => {
    if (field === "/address/country") return textAt(typed, field).trim().toUpperCase() || "FR";
    return field === "/role" ? textAt(typed, field) : plain(typed, field);
  });
  for (const list of ["allowed_for", "default_for"]) {
    if (!names.some((name) => name.startsWith(`/${list}/`))) continue;
    wire[list] = DOCUMENTS.filter((document) => flagAt(text, `/${list}/${document}`));
  }
  return wire;
}

export function documentFlags(list: string, held: readonly string[]): Record<string, boolean> {
  return Object.fromEntries(DOCUMENTS.map((document) => [`/${list}/${document}`, held.includes(document)]));
}

/** What the scope leaves out is sent as nothing: a rate of VAT goes with that scope only. */
export function discountWire(text: Typed, names: readonly string[]): Wire {
  const scope = textAt(text, "/scope");
  const wire = sent(text, names, (typed, field) => {
    if (field === "/scope") return scope;
    if (field === "/percent") return wireRate(textAt(typed, field));
    if (field === "/vat_rate") return scope === "vat_rate" ? written(typed, field) : null;
    if (field === "/category") return scope === "category" ? written(typed, field) : null;
    return plain(typed, field);
  });
  if (names.includes("/scope")) {
    wire["vat_rate"] = scope === "vat_rate" ? written(text, "/vat_rate") : null;
    wire["category"] = scope === "category" ? written(text, "/category") : null;
  }
  return wire;
}
