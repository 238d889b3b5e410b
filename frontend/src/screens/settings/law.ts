/** The law on book prices as dated values: what Comptoir knows, and what the shop says goes before it. Pure. */
import type { BookLawInput, BookLawValue } from "../../api/types";
import { parseAmount } from "../../lib/format";

export const KEYS = [
  "book_discount_cap",
  "shipped_discount_cap",
  "public_discount_cap",
  "digital_discount_cap",
  "charge_threshold",
  "least_charge",
  "least_charge_above",
  "free_order_copies",
] as const;
export type LawKey = (typeof KEYS)[number];

export interface DatedValue {
  key: string;
  since: string;
  value: string;
  own: boolean;
  when: "past" | "now" | "soon";
}

function place(key: string): number {
  const at = KEYS.findIndex((each) => each === key);
  return at < 0 ? KEYS.length : at;
}

/** All values by rule and day, each with whether it holds today; of two of one rule and day the shop's holds. */
export function dated(known: readonly BookLawValue[], own: readonly BookLawValue[], today: string): DatedValue[] {
  const all = [...known.map((each) => ({ ...each, own: false })), ...own.map((each) => ({ ...each, own: true }))];
  all.sort(
    (a, b) =>
      place(a.key) - place(b.key) ||
      a.key.localeCompare(b.key) ||
      a.since.localeCompare(b.since) ||
      Number(a.own) - Number(b.own),
  );
  return all.map((each, at) => {
    const next = all[at + 1];
    const followed = next?.key === each.key && next.since <= today;
    return { ...each, when: each.since > today ? "soon" : followed ? "past" : "now" };
  });
}

export type Unit = "percent" | "euros" | "copies";

export function unit(key: string): Unit {
  if (key.endsWith("_cap")) return "percent";
  return key === "free_order_copies" ? "copies" : "euros";
}

export interface TypedValue {
  key: LawKey;
  since: string;
  value: string;
}

export const BLANK_VALUE: TypedValue = { key: "book_discount_cap", since: "", value: "" };

export function typedValue(each: BookLawValue): TypedValue {
  return {
    key: KEYS.find((key) => key === each.key) ?? "book_discount_cap",
    since: each.since,
    value: each.value.replace(".", ","),
  };
}

/** Null when it cannot be sent: no day, or no number. */
export function lawInput(typed: TypedValue): BookLawInput | null {
  const value = parseAmount(typed.value.replace("%", ""));
  return value !== null && typed.since ? { key: typed.key, since: typed.since, value } : null;
}
