/**
 * One key for one intention: the same body sent again after a lost answer keeps its key (no double order, no double payment),
 * a changed body or a clear refusal gets a new one.
 */
import { newKey } from "./client";
import type { ProblemError } from "./problem";

interface Sent {
  key: string;
  body: string;
}

export class Attempt {
  #sent: Sent | null = null;
  #store: string | null;

  /** With a name, the key outlives a reload together with the draft of the same name. */
  constructor(name?: string) {
    this.#store = name ? `comptoir.attempt.${name}` : null;
    try {
      const stored = this.#store ? sessionStorage.getItem(this.#store) : null;
      if (stored) this.#sent = JSON.parse(stored) as Sent;
    } catch {
      this.#sent = null;
    }
  }

  header(body: unknown): { "idempotency-key": string } {
    const text = JSON.stringify(body);
    if (this.#sent?.body !== text) this.#keep({ key: newKey(), body: text });
    return { "idempotency-key": this.#sent?.key ?? newKey() };
  }

  /** What came of it: null when done. Only where nothing is known of the effect does the key live on. */
  heard(problem: ProblemError | null): void {
    if (!problem?.retryable) this.#keep(null);
  }

  #keep(sent: Sent | null): void {
    this.#sent = sent;
    if (!this.#store) return;
    try {
      if (sent) sessionStorage.setItem(this.#store, JSON.stringify(sent));
      else sessionStorage.removeItem(this.#store);
    } catch {
      // no storage: the key lives as long as the page
    }
  }
}
