/** Hash routes, by hand: #/commandes/ord_… → { screen: "commandes", id: "ord_…" } */
export interface Route {
  screen: string;
  id: string | null;
}

function read(): Route {
  const [screen = "", id = ""] = window.location.hash.replace(/^#\/?/, "").split("/");
  return { screen: screen || "commandes", id: id ? decodeURIComponent(id) : null };
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
  scan: "#/reserve",
  reservations: "#/reservations",
  reception: "#/reception",
  customers: "#/clients",
  customer: (id: string) => `#/clients/${id}`,
  newCustomer: "#/clients/nouveau",
};
