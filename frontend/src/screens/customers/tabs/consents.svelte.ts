/** The ledger of what a customer allows (A58): every choice is kept at once, with when and from whom it came. */
import { Attempt } from "../../../api/attempt";
import { client, take } from "../../../api/client";
import { asProblem, type ProblemError } from "../../../api/problem";
import type { Consent, ConsentStanding } from "../../../api/types";

/** The three separate options of the old card, then the same two by SMS. */
export const CHOICES = [
  { purpose: "order_arrival", channel: "email" },
  { purpose: "marketing", channel: "email" },
  { purpose: "receipt", channel: "email" },
  { purpose: "order_arrival", channel: "sms" },
  { purpose: "marketing", channel: "sms" },
  { purpose: "marketing", channel: "post" },
] as const;
export type ConsentChoice = (typeof CHOICES)[number];

export const SOURCES = ["counter", "form", "phone", "web"] as const;

function same(entry: { channel: string; purpose: string }, choice: ConsentChoice): boolean {
  return entry.channel === choice.channel && entry.purpose === choice.purpose;
}

export class ConsentState {
  ledger = $state.raw<Consent[]>([]);
  now = $state.raw<ConsentStanding[]>([]);
  problem = $state.raw<ProblemError | null>(null);
  loaded = $state(false);
  busy = $state(false);
  #customer: string;
  #attempt = new Attempt();
  #turn = 0;

  constructor(customer: string) {
    this.#customer = customer;
  }

  /** What the customer said last; « Pas de SMS » stops the sending without unsaying it. */
  granted(choice: ConsentChoice): boolean {
    const standing = this.now.find((entry) => same(entry, choice));
    const said = standing?.reason ? this.#said(choice)?.granted : standing?.granted;
    return said ?? false;
  }

  /** Since when, and where it came from: its entry in the ledger says it. */
  since(choice: ConsentChoice): { at: string; source: string } | null {
    const said = this.#said(choice);
    return said ? { at: said.at, source: said.source ?? "" } : null;
  }

  #said(choice: ConsentChoice): Consent | undefined {
    return this.ledger.find((entry) => same(entry, choice));
  }

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const params = { params: { path: { customer_id: this.#customer }, query: { limit: 200 } } };
      const found = await take(client.GET("/v1/customers/{customer_id}/consents", params));
      if (turn !== this.#turn) return;
      this.ledger = found.items;
      this.now = found.current;
      this.problem = null;
      this.loaded = true;
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    }
  }

  async give(choice: ConsentChoice, granted: boolean, source: string): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    const body = { ...choice, granted, source };
    try {
      const header = this.#attempt.header(body);
      const params = { path: { customer_id: this.#customer }, header };
      await take(client.POST("/v1/customers/{customer_id}/consents", { params, body }));
      this.#attempt.heard(null);
      await this.load();
      return true;
    } catch (reason) {
      const problem = asProblem(reason);
      this.#attempt.heard(problem);
      await this.load(); // the box shows what holds, not what was wished
      this.problem = problem;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
