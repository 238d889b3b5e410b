/** The deposit a customer left by name (A66): what is there, and the ledger it is the sum of. */
import { client, take } from "../../../api/client";
import type { Money, NamedDepositEntry, NamedDepositLedger } from "../../../api/types";
import { Feed } from "../../../lib/feed.svelte";

function page(customer: string, query: { limit: number; cursor?: string }): Promise<NamedDepositLedger> {
  const params = { path: { customer_id: customer }, query };
  return take(client.GET("/v1/customers/{customer_id}/named-deposits", { params }));
}

/** What a customer can use at once, for another screen. */
export async function availableDeposit(customer: string): Promise<Money> {
  return (await page(customer, { limit: 1 })).balance;
}

export class DepositState {
  balance = $state.raw<Money | null>(null);
  readonly ledger: Feed<NamedDepositEntry>;
  #wanted = false;

  constructor(customer: string) {
    this.ledger = new Feed(async (reach) => {
      const found = await page(customer, reach);
      this.balance = found.balance;
      return found;
    });
  }

  need(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    void this.ledger.load();
  }

  refresh(): void {
    if (this.#wanted) void this.ledger.load();
  }

  changed(balance: Money): void {
    this.balance = balance;
    void this.ledger.load();
  }
}
