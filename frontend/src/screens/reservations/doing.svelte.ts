/** One thing asked of the server by a dialog: once at a time, with its key, the refusal kept in the server's words. */
import { Attempt } from "../../api/attempt";
import { asProblem, type ProblemError } from "../../api/problem";

export class Doing {
  busy = $state(false);
  problem = $state.raw<ProblemError | null>(null);
  readonly #attempt = new Attempt();

  /** The key of a sending of this body. */
  key(body: unknown): { "idempotency-key": string } {
    return this.#attempt.header(body);
  }

  /** What came of it; null when it was refused, or when the same thing is still on its way. */
  async run<T>(act: () => Promise<T>): Promise<T | null> {
    if (this.busy) return null;
    this.busy = true;
    try {
      const done = await act();
      this.problem = null;
      this.#attempt.heard(null);
      return done;
    } catch (reason) {
      this.problem = asProblem(reason);
      this.#attempt.heard(this.problem);
      return null;
    } finally {
      this.busy = false;
    }
  }
}
