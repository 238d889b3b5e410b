/** One thing of a card that is read when somebody first looks at it, and again with each news. */
import { asProblem, type ProblemError } from "../../api/problem";

export class Reading<T> {
  found = $state.raw<T | null>(null);
  problem = $state.raw<ProblemError | null>(null);
  #read: () => Promise<T>;
  #wanted = false;
  #turn = 0;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  need(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    void this.load();
  }

  refresh(): void {
    if (this.#wanted) void this.load();
  }

  /** What an action has just answered: an older answer that is still under way is no news. */
  heard(found: T): void {
    this.#turn += 1;
    this.found = found;
    this.problem = null;
  }

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const found = await this.#read();
      if (turn === this.#turn) this.heard(found);
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    }
  }
}
