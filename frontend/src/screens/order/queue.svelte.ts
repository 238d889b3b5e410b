/** Where the waiting lines of an order stand in the queues of their articles (C5). */
import { client, take } from "../../api/client";
import type { LinePlace } from "../../api/types";

export class OrderQueue {
  #places = $state.raw<ReadonlyMap<string, LinePlace>>(new Map());
  #turn = 0;

  of(line_id: string): LinePlace | null {
    return this.#places.get(line_id) ?? null;
  }

  /** The order is there without it: a queue that cannot be read shows no places. */
  async read(order_id: string): Promise<void> {
    const turn = ++this.#turn;
    try {
      const page = await take(client.GET("/v1/orders/{order_id}/queue", { params: { path: { order_id } } }));
      if (turn === this.#turn) this.#places = new Map(page.items.map((place) => [place.line_id, place]));
    } catch {
      if (turn === this.#turn) this.#places = new Map();
    }
  }
}
