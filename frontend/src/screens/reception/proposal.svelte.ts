/** What the server would do with a parcel, asked again whenever the count changes; nothing is written. */
import { asProblem, type ProblemError } from "../../api/problem";
import type { Reception } from "../../api/types";

/** A burst of scans asks once. */
const REST = 250;

export class Proposal {
  found = $state.raw<Reception | null>(null);
  problem = $state.raw<ProblemError | null>(null);
  /** what is shown is of an earlier count */
  stale = $state(false);
  #timer = 0;
  #turn = 0;

  /** Null: nothing is counted yet. */
  ask(call: (() => Promise<Reception>) | null): void {
    window.clearTimeout(this.#timer);
    const turn = ++this.#turn;
    if (!call) {
      this.found = null;
      this.problem = null;
      this.stale = false;
      return;
    }
    this.stale = true;
    this.#timer = window.setTimeout(() => {
      call()
        .then((found) => {
          if (turn !== this.#turn) return;
          this.found = found;
          this.problem = null;
        })
        .catch((reason: unknown) => {
          if (turn !== this.#turn) return;
          this.found = null;
          this.problem = asProblem(reason);
        })
        .finally(() => {
          if (turn === this.#turn) this.stale = false;
        });
    }, REST);
  }

  stop(): void {
    window.clearTimeout(this.#timer);
    this.#turn += 1;
  }
}
