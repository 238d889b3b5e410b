/** One run of reminders: proposed for a day, some left out by hand, then sent. */
import { Attempt } from "../../api/attempt";
import { client, take } from "../../api/client";
import { asProblem, type ProblemError } from "../../api/problem";
import type { Money, ReminderProposal, ReminderRun } from "../../api/types";
import { shopDay, sum } from "../../lib/format";

export class RunState {
  on = $state(shopDay());
  proposals = $state.raw<ReminderProposal[] | null>(null);
  left = $state.raw<ReadonlySet<string>>(new Set());
  done = $state.raw<ReminderRun | null>(null);
  problem = $state.raw<ProblemError | null>(null);
  busy = $state(false);
  #attempt = new Attempt();
  #proposedOn = "";
  #turn = 0;

  get taken(): ReminderProposal[] {
    return (this.proposals ?? []).filter((each) => !this.left.has(each.customer_id));
  }

  get total(): Money {
    return sum(this.taken.map(({ total }) => ({ price: total, quantity: 1 })));
  }

  toggle(customer: string): void {
    const next = new Set(this.left);
    if (!next.delete(customer)) next.add(customer);
    this.left = next;
  }

  async prepare(): Promise<void> {
    const turn = ++this.#turn;
    const day = this.on;
    this.busy = true;
    this.done = null;
    try {
      const found = await take(client.POST("/v1/reminder-runs/preview", { body: { on: day } }));
      if (turn !== this.#turn) return;
      this.proposals = found.items;
      this.left = new Set();
      this.#proposedOn = day;
      this.problem = null;
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }

  /** Sends what is shown and ticked, nobody else: who came to it since is left for the next run. */
  async send(): Promise<ProblemError | null> {
    const body = {
      on: this.#proposedOn,
      customer_ids: this.taken.map((each) => each.customer_id),
      leave: [...this.left],
    };
    try {
      this.done = await take(
        client.POST("/v1/reminder-runs", { params: { header: this.#attempt.header(body) }, body }),
      );
      this.#attempt.heard(null);
      this.proposals = null;
      return null;
    } catch (reason) {
      const problem = asProblem(reason);
      this.#attempt.heard(problem);
      return problem;
    }
  }
}
