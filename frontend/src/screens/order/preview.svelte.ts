/** What lines would cost, asked of the server while they are typed. Nothing is written. */
import { client, newKey, take } from "../../api/client";
import { asProblem, type ProblemError } from "../../api/problem";
import type { PriceQuery, Prices } from "../../api/types";

const TYPING = 250;

export class Preview {
  answer = $state.raw<Prices | null>(null);
  problem = $state.raw<ProblemError | null>(null);
  #asked = "";
  #timer = 0;
  #turn = 0;

  get lines(): Prices["lines"] {
    return this.answer?.lines ?? [];
  }

  /** When the hand rests; the same question is not asked twice. */
  soon(request: PriceQuery): void {
    const asked = JSON.stringify(request);
    if (asked === this.#asked) return;
    this.#asked = asked;
    window.clearTimeout(this.#timer);
    const turn = ++this.#turn;
    this.#timer = window.setTimeout(() => void this.#ask(request, turn), TYPING);
  }

  clear(): void {
    window.clearTimeout(this.#timer);
    this.#turn += 1;
    this.#asked = "";
    this.answer = null;
    this.problem = null;
  }

  async #ask(request: PriceQuery, turn: number): Promise<void> {
    try {
      const answer = await take(
        client.POST("/v1/prices", { params: { header: { "idempotency-key": newKey() } }, body: request }),
      );
      if (turn !== this.#turn) return;
      this.answer = answer;
      this.problem = null;
    } catch (reason) {
      if (turn !== this.#turn) return;
      this.answer = null;
      this.problem = asProblem(reason);
    }
  }
}
