/** Orders and reservations of a customer over the last twelve months (A69), read once for the two tabs that show them. */
import { client, take } from "../../../api/client";
import { asProblem, type ProblemError } from "../../../api/problem";
import type { CustomerActivity } from "../../../api/types";

export class ActivityState {
  found = $state.raw<CustomerActivity | null>(null);
  problem = $state.raw<ProblemError | null>(null);
  #customer: string;
  #wanted = false;
  #turn = 0;

  constructor(customer: string) {
    this.#customer = customer;
  }

  need(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    void this.load();
  }

  refresh(): void {
    if (this.#wanted) void this.load();
  }

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const params = { params: { path: { customer_id: this.#customer } } };
      const found = await take(client.GET("/v1/customers/{customer_id}/activity", params));
      if (turn !== this.#turn) return;
      this.found = found;
      this.problem = null;
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    }
  }
}
