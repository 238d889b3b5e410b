/** The loyalty card of a customer on screen: where it stands, and the entries it is the sum of. */
import { client, take } from "../../../api/client";
import type { Loyalty, LoyaltyEntry } from "../../../api/types";
import { Feed } from "../../../lib/feed.svelte";
import { Reading } from "../reading.svelte";

export class LoyaltyState extends Reading<Loyalty> {
  readonly entries: Feed<LoyaltyEntry>;

  constructor(customer: string) {
    const path = { customer_id: customer };
    super(() => take(client.GET("/v1/customers/{customer_id}/loyalty", { params: { path } })));
    this.entries = new Feed((query) =>
      take(client.GET("/v1/customers/{customer_id}/loyalty/entries", { params: { path, query } })),
    );
  }

  override async load(): Promise<void> {
    await Promise.all([super.load(), this.entries.load()]);
  }

  /** After an entry was made: the answer is shown at once, the ledger is read again. */
  changed(standing: Loyalty): void {
    this.heard(standing);
    void this.entries.load();
  }
}
