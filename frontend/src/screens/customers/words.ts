/** Fields and values of a card as people read them: in a conflict, in the history of changes. */
import { i18n, word } from "../../i18n/index.svelte";
import { date, money } from "../../lib/format";
import type { Value } from "./form";
import { parties } from "./parties.svelte";
import { shop } from "./shop.svelte";
import { tables, type TableName } from "./tables.svelte";

const TABLES: Readonly<Record<string, TableName>> = {
  "/title": "titles",
  "/address/country": "countries",
  "/language": "languages",
  "/category": "categories",
  "/function": "functions",
  "/payment_mode": "payment-modes",
  "/print_mode": "print-modes",
  "/reminder_family": "reminder-families",
  "/tariff_code": "tariffs",
  "/confidentiality_code": "confidentiality",
  "/stat_1": "stat-1",
  "/stat_2": "stat-2",
  "/stat_3": "stat-3",
};

/** The label of a field that its pointer names; a field newer than this page is shown by its name. */
export function fieldLabel(field: string): string {
  const c = i18n.t.customer;
  const known = (c.fields as Readonly<Record<string, string>>)[field];
  if (known) return known;
  const rep = /^\/sales_reps\/(\d)\/(share|third_party_id)$/.exec(field);
  if (rep) return `${c.salesRep(Number(rep[1]) + 1)}${rep[2] === "share" ? ` · ${c.share}` : ""}`;
  const custom = /^\/custom_fields\/([^/]+)\/(.+)$/.exec(field);
  if (custom) return custom[2] ?? field;
  return field.replace(/^\//, "").replaceAll("_", " ").replaceAll("/", " · ");
}

/** A value as it is typed or stored, in words. */
export function valueWord(field: string, value: Value): string {
  const t = i18n.t;
  if (typeof value === "boolean") return value ? t.common.yesWord : t.common.noWord;
  if (!value) return "";
  if (value === "true" && field.startsWith("/custom_fields/")) return t.common.yesWord;
  const table = TABLES[field];
  if (table) return tables.word(table, value);
  if (/^(cus|tpa|usr)_[0-9a-f]{32}$/.test(value)) return parties.word(value);
  if (field === "/kind") return word(t.customer.kinds, value);
  if (field === "/fidelity_program") return shop.programs.find((each) => each.code === value)?.label ?? value;
  if (field === "/light") return word(t.customer.lights, value);
  if (field.startsWith("/back_orders/")) return word(t.customer.inherit, value);
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return date(value);
  if (field.endsWith("_ceiling")) return money({ amount: value.replace(",", "."), currency: "EUR" });
  return value;
}
