/** The same words in English; the type makes a missing one a compile error. */
import { grouped } from "../lib/format";
import { customer, customers } from "./customers.en";
import { fields } from "./fields.en";
import { attach, audit, duplicates, merge, rgpd } from "./merge.en";
import { emails, labels, mailing, messages, pickup, sending, templates } from "./messages.en";
import { flashes, parties } from "./parties.en";
import { article, newOrder, order, orders, savedLists } from "./orders.en";
import { ready, remind, reservations, scan, today } from "./reservations.en";
import { invoices, reminders } from "./invoices.en";
import { loyalty } from "./loyalty.en";
import { settings } from "./settings.en";
import { statistics } from "./statistics.en";
import { stock } from "./stock.en";
import { reception, supplierOrders, untreated } from "./supply.en";
import type { Catalogue } from "./fr";

function many(count: number, one: string, several: string): string {
  return `${grouped(count)} ${count === 1 ? one : several}`;
}

export const en: Catalogue = {
  common: {
    save: "Save",
    close: "Close",
    cancel: "Cancel",
    yes: "Yes",
    no: "No",
    add: "Add",
    edit: "Edit",
    remove: "Delete",
    more: "More",
    slow: "Searching…",
    working: "Working…",
    retry: "Try again",
    records: "Number of records",
    clearFilters: "Clear filters",
    dropFilter: (name: string) => `Remove the filter ${name}`,
    moreCriteria: "Filters",
    detail: "Open (F2)",
    selected: (count: number) => `${grouped(count)} selected`,
    unselect: "Clear selection",
    unsaved: "Unsaved changes",
    discard: "Discard changes",
    yesWord: "yes",
    noWord: "no",
    less: "Less",
    plus: "More",
    quantity: "Quantity",
    dismiss: "Dismiss the message",
  },
  shell: {
    product: "Comptoir",
    nav: "Screens",
    orders: "Orders",
    scan: "Set aside",
    reservations: "Reservations",
    reception: "Goods in",
    customers: "Customers",
    thirdParties: "Third parties",
    duplicates: "Duplicates",
    settings: "Settings",
    others: "More",
    live: "Live",
    reconnecting: "Reconnecting…",
    offline: "Off-line",
    offlineScans: (count: number) => `Off-line · ${many(count, "scan kept", "scans kept")}`,
    pendingScans: (count: number) => many(count, "scan waiting", "scans waiting"),
    logout: "Log out",
    language: "Français",
    newOrder: (number: string, name: string) => `New order no. ${number} — ${name}`,
    skip: "Skip to content",
    notFound: "There is no such screen.",
  },
  login: {
    title: "Open the counter",
    again: "The session has expired. Log in again: nothing you typed is lost.",
    login: "Login",
    password: "Password",
    otherShop: "Another shop",
    dossier: "Shop code",
    submit: "Log in",
  },
  problems: {
    networkTitle: "The server does not answer",
    network: "Check the network, then try again: nothing was lost.",
    unexpected: (status: number) => `The server answered ${String(status)}.`,
    page: "The page met an error",
  },
  status: {
    CO: "Open",
    LP: "Partly delivered",
    LT: "Wholly delivered",
    AN: "Cancelled",
    BL: "Blocked (unpaid mail order)",
  },
  statusShort: { CO: "Open", LP: "Part deliv.", LT: "Delivered", AN: "Cancelled", BL: "Blocked" },
  customerField: {
    label: "Customer of the file",
    hint: "Name or customer code",
    none: "No customer matches. Try the start of the name, or create the card.",
  },
  scan,
  reservations,
  remind,
  ready,
  today,
  reception,
  supplierOrders,
  untreated,
  article,
  newOrder,
  order,
  orders,
  savedLists,
  customers,
  customer,
  attach,
  audit,
  duplicates,
  fields,
  flashes,
  merge,
  parties,
  rgpd,
  invoices,
  loyalty,
  reminders,
  settings,
  statistics,
  stock,
  emails,
  labels,
  mailing,
  messages,
  pickup,
  sending,
  templates,
};
