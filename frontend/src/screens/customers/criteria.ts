/** What the customer file can be asked (screen "Recherche des fiches Clients"), and how that goes to the server. Pure. */
import type { CustomerQuery } from "../../api/types";
import { code } from "../../lib/format";
import type { Level } from "../settings/tree";

/** What selects customers, wherever that is asked. */
export type CustomerCriteria = Omit<CustomerQuery, "sort" | "limit" | "cursor">;

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

/** Whole numbers that are typed: how many purchases, and how far the loyalty card is (A45). */
export const COUNTS = {
  purchasesMin: "purchases_min",
  purchasesMax: "purchases_max",
  loyaltyUnderWay: "loyalty_under_way",
  loyaltyShort: "loyalty_short",
} as const;
export type CountName = keyof typeof COUNTS;

/** Words about what was bought (A44). */
export const BOUGHT = {
  purchasedAuthor: "purchased_author",
  lastButOneAuthor: "last_but_one_author",
  lastButOneSeries: "last_but_one_series",
} as const;
export type BoughtName = keyof typeof BOUGHT;

export type CustomerFilters = Record<FlagName, Tri> &
  Record<TextName, string> &
  Record<CountName | BoughtName, string> & {
    /** the one field on top: a name, or whatever else people say at a counter */
    q: string;
    light: "" | "green" | "orange" | "red";
    birthdayFrom: string;
    birthdayTo: string;
    noContactSince: string;
    /** a period of purchases; the last day is out */
    purchasedFrom: string;
    purchasedTo: string;
    purchasedEan: string;
    /** the level of the analysis that is looked at, and what of it was bought */
    level: Level;
    purchasedCategories: string[];
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
    purchasedFrom: "",
    purchasedTo: "",
    purchasedEan: "",
    level: "category",
    purchasedCategories: [],
    purchasesMin: "",
    purchasesMax: "",
    loyaltyUnderWay: "",
    loyaltyShort: "",
    purchasedAuthor: "",
    lastButOneAuthor: "",
    lastButOneSeries: "",
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

/** "3" → 3; null while it is no whole number, so that a half-typed one asks for nothing. */
export function wholeNumber(typed: string): number | null {
  const text = typed.trim();
  return /^\d{1,6}$/.test(text) ? Number(text) : null;
}

/** A whole article code, or nothing: a part of one finds no article. */
export function articleCode(typed: string): string | null {
  const plain = code(typed);
  return /^\d{13}$/.test(plain) ? plain : null;
}

/** What is asked about purchases and loyalty cards (A44, A45). */
function bought(filters: CustomerFilters): CustomerCriteria {
  const query: CustomerCriteria = {};
  if (filters.purchasedFrom) query.purchased_from = filters.purchasedFrom;
  if (filters.purchasedTo) query.purchased_to = filters.purchasedTo;
  const ean = articleCode(filters.purchasedEan);
  if (ean !== null) query.purchased_ean = ean;
  if (filters.purchasedCategories.length) query.purchased_category = filters.purchasedCategories;
  for (const name of Object.keys(BOUGHT) as BoughtName[]) {
    const text = filters[name].trim();
    if (text) query[BOUGHT[name]] = text;
  }
  for (const name of Object.keys(COUNTS) as CountName[]) {
    const number = wholeNumber(filters[name]);
    if (number !== null) query[COUNTS[name]] = number;
  }
  return query;
}

export function customerQuery(filters: CustomerFilters): CustomerCriteria {
  const query: CustomerCriteria = {};
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
  return { ...query, ...bought(filters) };
}

/** How many criteria stand beside the one field on top. */
export function others(filters: CustomerFilters): number {
  return Object.keys(customerQuery({ ...filters, q: "" })).filter((name) => name !== "birthday_to").length;
}
