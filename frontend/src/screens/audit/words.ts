/** The page's words for values of the history and of merges. */
import { i18n, word } from "../../i18n/index.svelte";
import { parties } from "../customers/parties.svelte";
import { shop } from "../customers/shop.svelte";
import { said, type ValueWords } from "./values";

export function fieldWord(name: string): string {
  const axis = /^stat_([123])$/.exec(name)?.[1];
  if (axis) return shop.statLabel(Number(axis) as 1 | 2 | 3);
  return word(i18n.t.fields, name);
}

export function valueWords(): ValueWords {
  const t = i18n.t;
  return {
    yes: t.common.yesWord,
    no: t.common.noWord,
    codes: {
      kind: { ...t.customer.kinds, ...t.settings.fields.kinds },
      status: t.status,
      state: t.reservations.states,
      code_padding: t.settings.dossier.paddings,
      credit_policy: t.settings.dossier.policies,
      fiscal_month: t.settings.months,
      type: t.parties.types,
      record: t.settings.fields.records,
      light: t.audit.lights,
      back_orders_quotes: t.customer.inherit,
      back_orders_orders: t.customer.inherit,
      back_orders_delivery_notes: t.customer.inherit,
      role: t.audit.roles,
      allowed_for: t.settings.dossier.documents,
      default_for: t.settings.dossier.documents,
      channel: t.audit.channels,
      purpose: t.audit.purposes,
      origin: t.audit.origins,
      table_name: t.settings.tables.names,
    },
    field: fieldWord,
    party: (id) => parties.word(id),
  };
}

/** A record that moved, as the server labels it: of a consent it says channel and purpose by their codes. */
export function sampleWord(table: string, label: string): string {
  if (table !== "consent") return label;
  const { channels, purposes } = i18n.t.audit;
  return label
    .split(" ")
    .map((each) => word({ ...channels, ...purposes }, each))
    .join(" : ");
}

export function valueWord(field: string, value: string | null): string {
  return said(field, value, valueWords());
}
