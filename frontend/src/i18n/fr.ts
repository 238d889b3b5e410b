/** The words of the page. French is the original; the words of the old screens are kept, because people know them. */
import { grouped } from "../lib/format";
import { customer, customers } from "./customers.fr";
import { fields } from "./fields.fr";
import { attach, audit, duplicates, merge, rgpd } from "./merge.fr";
import { emails, labels, mailing, messages, pickup, sending, templates } from "./messages.fr";
import { flashes, parties } from "./parties.fr";
import { article, newOrder, order, orders, savedLists } from "./orders.fr";
import { ready, remind, reservations, scan, today } from "./reservations.fr";
import { invoices, reminders } from "./invoices.fr";
import { loyalty } from "./loyalty.fr";
import { settings } from "./settings.fr";
import { statistics } from "./statistics.fr";
import { stock } from "./stock.fr";
import { reception, supplierOrders, untreated } from "./supply.fr";
import type { Words } from "./words";

function many(count: number, one: string, several: string): string {
  return `${grouped(count)} ${count > 1 ? several : one}`;
}

export const fr = {
  common: {
    save: "Enregistrer",
    close: "Fermer",
    cancel: "Abandonner",
    yes: "Oui",
    no: "Non",
    add: "Ajouter",
    edit: "Modifier",
    remove: "Supprimer",
    more: "Suite",
    slow: "Recherche en cours…",
    working: "En cours…",
    retry: "Réessayer",
    records: "Nombre de fiches",
    clearFilters: "Effacer les critères",
    dropFilter: (name: string) => `Retirer le critère ${name}`,
    moreCriteria: "Critères",
    detail: "Détail (F2)",
    selected: (count: number) => many(count, "sélectionnée", "sélectionnées"),
    unselect: "Tout désélectionner",
    unsaved: "Modifications non enregistrées",
    discard: "Abandonner les modifications",
    yesWord: "oui",
    noWord: "non",
    less: "Moins",
    plus: "Plus",
    quantity: "Quantité",
    dismiss: "Fermer le message",
  },
  shell: {
    product: "Comptoir",
    nav: "Écrans",
    orders: "Commandes",
    scan: "Réserve",
    reservations: "Réservations",
    reception: "Réception",
    customers: "Clients",
    thirdParties: "Tiers",
    duplicates: "Doublons",
    settings: "Réglages",
    others: "Plus",
    live: "En direct",
    reconnecting: "Reconnexion…",
    offline: "Hors ligne",
    offlineScans: (count: number) => `Hors ligne · ${many(count, "scan gardé", "scans gardés")}`,
    pendingScans: (count: number) => many(count, "scan en attente", "scans en attente"),
    logout: "Se déconnecter",
    language: "English",
    newOrder: (number: string, name: string) => `Nouvelle commande n° ${number} — ${name}`,
    skip: "Aller au contenu",
    notFound: "Cet écran n’existe pas.",
  },
  login: {
    title: "Ouvrir le comptoir",
    again: "La session a expiré. Reconnectez-vous : rien de ce qui est saisi n’est perdu.",
    login: "Identifiant",
    password: "Mot de passe",
    otherShop: "Autre boutique",
    dossier: "Code du dossier",
    submit: "Se connecter",
  },
  problems: {
    networkTitle: "Le serveur ne répond pas",
    network: "Vérifiez le réseau, puis réessayez : rien n’a été perdu.",
    unexpected: (status: number) => `Le serveur a répondu ${String(status)}.`,
    page: "La page a rencontré une erreur",
  },
  status: {
    CO: "Ouverte",
    LP: "Livrée partiellement",
    LT: "Livrée totalement",
    AN: "Annulée",
    BL: "Bloquée (VPC non réglée)",
  },
  statusShort: { CO: "Ouverte", LP: "Livrée part.", LT: "Livrée tot.", AN: "Annulée", BL: "Bloquée" },
  customerField: {
    label: "Client du fichier",
    hint: "Nom ou code client",
    none: "Aucun client ne répond. Essayez le début du nom, ou créez la fiche.",
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

export type Catalogue = Words<typeof fr>;
