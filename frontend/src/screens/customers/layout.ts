/** Which tab of the card a field stands on, in the order of the old program. */
export const CARD_TABS = [
  "coordinates",
  "fidelity",
  "extra",
  "purchases",
  "orders",
  "accounting",
  "chorus",
  "contacts",
  "accounts",
] as const;
export type CardTab = (typeof CARD_TABS)[number];

const EXTRA = new Set([
  "collectivity",
  "lending_library",
  "vat_exempt",
  "on_account",
  "mail_order",
  "category",
  "language",
  "light",
  "light_message",
  "closed_on",
  "confidentiality_code",
  "short_name",
  "siret",
  "vat_number",
  "stat_1",
  "stat_2",
  "stat_3",
  "custom_fields",
]);
const ACCOUNTING = new Set([
  "account_number",
  "payment_mode",
  "print_mode",
  "reminder_family",
  "our_code",
  "management_ceiling",
  "insurance_ceiling",
  "back_orders",
  "group_id",
  "statistics_party_id",
  "payment_party_id",
  "sales_admin_id",
  "sales_reps",
]);

/** The tab of the field that a pointer names; what is not known elsewhere is on the first one. */
export function tabOf(pointer: string): CardTab {
  const name = pointer.split("/")[1] ?? "";
  if (name.startsWith("fidelity_") || name === "tariff_code") return "fidelity";
  if (EXTRA.has(name)) return "extra";
  if (ACCOUNTING.has(name)) return "accounting";
  return name === "chorus" ? "chorus" : "coordinates";
}
