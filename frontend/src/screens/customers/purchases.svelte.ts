/** What a customer bought, in a period and of an article if so asked, newest first. */
import { client, take } from "../../api/client";
import type { Purchase } from "../../api/types";
import { Feed } from "../../lib/feed.svelte";
import { purchaseQuery, type PurchaseFilters } from "./purchases";

export class PurchaseList {
  filters = $state<PurchaseFilters>({ from: "", to: "", ean: "" });
  readonly feed: Feed<Purchase>;
  #wanted = false;

  constructor(customer: string) {
    this.feed = new Feed((reach) => {
      const query = { ...purchaseQuery(this.filters), ...reach };
      return take(
        client.GET("/v1/customers/{customer_id}/purchases", { params: { path: { customer_id: customer }, query } }),
      );
    });
  }

  need(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    void this.feed.load();
  }

  refresh(): void {
    if (this.#wanted) void this.feed.load();
  }

  search(): Promise<void> {
    return this.feed.restart();
  }
}
