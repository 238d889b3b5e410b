/** How much there is to do today. Read again with the news, once for a burst of them. */
import { client, take } from "../../api/client";
import { live } from "../../api/live.svelte";
import { asProblem, type ProblemError } from "../../api/problem";
import type { Count } from "../../lib/list.svelte";
import { LISTS, listed, reservationQuery, type ListName } from "../reservations/criteria";

const NEWS = 400;

export const LIST_NAMES = Object.keys(LISTS) as ListName[];

class Today {
  counts = $state.raw<Partial<Record<ListName | "blocked" | "untreated", Count>>>({});
  problem = $state.raw<ProblemError | null>(null);
  #turn = 0;
  #timer = 0;

  /** While a screen shows them; `orders`: those of the orders too. Gives what ends it. */
  watch(orders: boolean): () => void {
    void this.read(orders);
    const off = live.on((event) => {
      if (!/^(resync|order\.|reservation\.|message\.|supplier_order\.)/.test(event.type)) return;
      window.clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.read(orders), NEWS);
    });
    return () => {
      window.clearTimeout(this.#timer);
      off();
    };
  }

  async read(orders: boolean): Promise<void> {
    const turn = ++this.#turn;
    const reservation = (name: ListName): Promise<Count> =>
      take(client.GET("/v1/reservations/count", { params: { query: reservationQuery(listed(name)) } }));
    const lists = LIST_NAMES.map(async (name) => [name, await reservation(name)] as const);
    const blocked = (): Promise<Count> =>
      take(client.GET("/v1/orders/count", { params: { query: { status: ["BL"] } } }));
    const untreated = (): Promise<Count> => take(client.GET("/v1/untreated-lines/count"));
    try {
      const found = await Promise.all([
        ...lists,
        ...(orders ? [blocked().then((count) => ["blocked", count] as const)] : []),
        ...(orders ? [untreated().then((count) => ["untreated", count] as const)] : []),
      ]);
      if (turn !== this.#turn) return;
      this.counts = { ...this.counts, ...Object.fromEntries(found) };
      this.problem = null;
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    }
  }
}

export const today = new Today();
