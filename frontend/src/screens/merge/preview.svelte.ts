/** A merge that is being prepared: what the server says would happen, with the choices made so far. */
import { Attempt } from "../../api/attempt";
import { client, newKey, take } from "../../api/client";
import { asProblem, type ProblemError } from "../../api/problem";
import type { CustomerMerge } from "../../api/types";
import { choicesOf, type Picked, type Taken } from "./choices";

const RESTING = 250;

export class MergePreview {
  readonly kept: string;
  readonly absorbed: string;
  merge = $state.raw<CustomerMerge | null>(null);
  problem = $state.raw<ProblemError | null>(null);
  merging = $state(false);
  picked = $state.raw<Picked>({});
  #attempt = new Attempt();
  #turn = 0;
  #timer = 0;

  constructor(kept: string, absorbed: string) {
    this.kept = kept;
    this.absorbed = absorbed;
  }

  get #body(): { kept_id: string; absorbed_id: string; choices: Record<string, "kept" | "absorbed"> } {
    return {
      kept_id: this.kept,
      absorbed_id: this.absorbed,
      choices: choicesOf(this.picked, this.merge?.fields ?? []),
    };
  }

  /** What would happen, as things are now. */
  async load(): Promise<void> {
    window.clearTimeout(this.#timer);
    const turn = ++this.#turn;
    try {
      const merge = await take(
        client.POST("/v1/customer-merges", {
          params: { header: { "idempotency-key": newKey() } },
          body: { ...this.#body, dry_run: true },
        }),
      );
      if (turn !== this.#turn) return;
      this.merge = merge;
      this.problem = null;
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    }
  }

  pick(field: string, taken: Taken): void {
    this.picked = { ...this.picked, [field]: taken };
    // a link chosen may close a ring, and then it is dropped: the clashes follow the choices
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.load(), RESTING);
  }

  stop(): void {
    window.clearTimeout(this.#timer);
    this.#turn += 1;
  }

  /** The merge done, or null when it was refused (said in `problem`). */
  async submit(): Promise<CustomerMerge | null> {
    if (this.merging || !this.merge) return null;
    this.stop();
    this.merging = true;
    const body = { ...this.#body, dry_run: false };
    try {
      const merge = await take(
        client.POST("/v1/customer-merges", { params: { header: this.#attempt.header(body) }, body }),
      );
      this.#attempt.heard(null);
      return merge;
    } catch (reason) {
      this.problem = asProblem(reason);
      this.#attempt.heard(this.problem);
      return null;
    } finally {
      this.merging = false;
    }
  }
}
