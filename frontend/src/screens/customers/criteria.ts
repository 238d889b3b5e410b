/** What the customer file can be asked (screen "Recherche des fiches Clients"), and how that goes to the server. Pure. */
import type { CustomerQuery } from "../../api/types";

/** Three states of a flag: "" asks for neither. */
export type Tri = "" | "yes" | "no";

export const FLAGS = [
  "mail_order",
  "collectivity",
  "lending_library",
  "accepts_mail",
  "on_account",
  "vat_exempt",
  "chorus",
  "fidelity_active",
  "closed",
  "approved",
] as const;
export type FlagName = (typeof FLAGS)[number];

export const TEXTS = [
  "code",
  "gencod",
  "postal_code",
  "town",
  "email",
  "phone",
  "siret",
  "category",
  "country",
] as const;
export type TextName = (typeof TEXTS)[number];

export type CustomerFilters = Record<FlagName, Tri> &
  Record<TextName, string> & {
    /** the one field on top: a name, or whatever else people say at a counter */
    q: string;
    light: "" | "green" | "orange" | "red";
    birthdayFrom: string;
    birthdayTo: string;
    noContactSince: string;
  };

export function noFilters(): CustomerFilters {
  return {
    q: "",
    code: "",
    gencod: "",
    postal_code: "",
    town: "",
    email: "",
    phone: "",
    siret: "",
    category: "",
    country: "",
    light: "",
    birthdayFrom: "",
    birthdayTo: "",
    noContactSince: "",
    mail_order: "",
    collectivity: "",
    lending_library: "",
    accepts_mail: "",
    on_account: "",
    vat_exempt: "",
    chorus: "",
    fidelity_active: "",
    closed: "",
    approved: "",
  };
}

export type Meaning = "q" | "email" | "phone" | "gencod";

/** What was typed in the one field: an address with its @, a phone number, a barcode; else a name or a code. */
export function meaning(typed: string): Meaning {
  const text = typed.trim();
  if (/^\S+@\S+\.\S+$/.test(text)) return "email";
  const digits = text.replace(/[\s\u00a0.\-()/]/g, "");
  if (/^\+\d{8,15}$/.test(digits) || /^0\d{9}$/.test(digits)) return "phone";
  return /^\d{12,13}$/.test(digits) ? "gencod" : "q";
}

const MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** "4/1", "04/01" or "04-01" (day, month) → "01-04" as the contract has it; null when it is no day. */
export function monthDay(typed: string): string | null {
  const match = /^\s*(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*$/.exec(typed);
  if (!match) return null;
  const day = Number(match[1]);
  const month = Number(match[2]);
  if (month < 1 || month > 12 || day < 1 || day > (MONTHS[month - 1] ?? 0)) return null;
  return `${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

export function customerQuery(filters: CustomerFilters): CustomerQuery {
  const query: CustomerQuery = {};
  for (const name of TEXTS) {
    const text = filters[name].trim();
    if (text) query[name] = text;
  }
  const typed = filters.q.trim();
  const meant = meaning(typed);
  if (typed && (meant === "q" || query[meant] === undefined)) {
    query[meant] = meant === "gencod" ? typed.replace(/\D/g, "") : typed;
  } else if (typed) {
    query.q = typed;
  }
  for (const name of FLAGS) if (filters[name]) query[name] = filters[name] === "yes";
  if (filters.light) query.light = filters.light;
  // one day alone means that day
  const from = monthDay(filters.birthdayFrom) ?? monthDay(filters.birthdayTo);
  const to = monthDay(filters.birthdayTo) ?? monthDay(filters.birthdayFrom);
  if (from !== null) query.birthday_from = from;
  if (to !== null) query.birthday_to = to;
  if (filters.noContactSince) query.no_contact_since = filters.noContactSince;
  return query;
}

/** How many criteria stand beside the one field on top. */
export function others(filters: CustomerFilters): number {
  return Object.keys(customerQuery({ ...filters, q: "" })).filter((name) => name !== "birthday_to").length;
}
