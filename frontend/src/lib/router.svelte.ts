/** Hash routes, by hand: #/reglages/tables/titles → { screen: "reglages", id: "tables", part: "titles" } */
export interface Route {
  screen: string;
  id: string | null;
  part: string | null;
}

/** A hand may type anything into the address: what is no encoding is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function read(): Route {
  const [screen = "", id = "", part = ""] = window.location.hash.replace(/^#\/?/, "").split("/");
  return { screen: screen || "commandes", id: id ? decoded(id) : null, part: part ? decoded(part) : null };
}

class Router {
  route = $state<Route>(read());

  constructor() {
    window.addEventListener("hashchange", () => {
      this.route = read();
    });
  }

  go(hash: string): void {
    window.location.hash = hash;
  }
}

export const router = new Router();

export const link = {
  orders: "#/commandes",
  order: (id: string) => `#/commandes/${id}`,
  newOrder: "#/commandes/nouvelle",
  /** begun from an article (its EAN) or from a saved list (its id) */
  newOrderOf: (start: string) => `#/commandes/nouvelle/${start}`,
  savedLists: "#/listes",
  savedList: (id: string) => `#/listes/${id}`,
  scan: "#/reserve",
  reservations: "#/reservations",
  today: "#/aujourdhui",
  reception: "#/reception",
  receptionOf: (supplierOrder?: string) => `#/reception/commande${supplierOrder ? `/${supplierOrder}` : ""}`,
  shippingNotice: "#/reception/avis",
  receptions: (id?: string) => `#/reception/passees${id ? `/${id}` : ""}`,
  untreated: "#/non-traitees",
  supplierOrders: "#/fournisseurs",
  supplierOrder: (id: string) => `#/fournisseurs/${id}`,
  customers: "#/clients",
  customer: (id: string) => `#/clients/${id}`,
  newCustomer: "#/clients/nouveau",
  thirdParties: "#/tiers",
  thirdParty: (id: string) => `#/tiers/${id}`,
  newThirdParty: "#/tiers/nouveau",
  merges: "#/fusion",
  merge: (kept: string, absorbed?: string) => `#/fusion/${kept}${absorbed ? `/${absorbed}` : ""}`,
  duplicates: "#/doublons",
  stock: "#/stock",
  stockCheck: (id: string) => `#/stock/controles/${id}`,
  shrinkage: "#/stock/demarque",
  stockCount: "#/stock/inventaire",
  statistics: (tab = "month", customer: string | null = null) =>
    `#/statistiques/${tab}${customer ? `/${customer}` : ""}`,
  flashes: "#/flashs",
  invoices: "#/factures",
  invoice: (number: string) => `#/factures/numero/${encodeURIComponent(number)}`,
  reminderRuns: (id?: string) => `#/factures/relances${id ? `/${id}` : ""}`,
  messages: "#/envois",
  message: (id: string) => `#/envois/${id}`,
  settings: (section = "tables", part?: string) => `#/reglages/${section}${part ? `/${part}` : ""}`,
};
