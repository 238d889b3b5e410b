/** One mailing from the customer file: who may get it is asked first, then it is sent, portion by portion. */
import { Attempt } from "../../api/attempt";
import { client, take } from "../../api/client";
import { asProblem, type ProblemError } from "../../api/problem";
import type { CustomerQuery, MailingBody } from "../../api/types";
import { accounted, NO_ACCOUNT, portions, type Account } from "./mailing";

const PAGE = 200;

export interface Progress {
  done: number;
  all: number;
}

export type Letter = Omit<MailingBody, "customer_ids">;

/** One portion keeps its key until it is known what came of it: sent again, nobody hears it twice. */
interface Portion {
  ids: string[];
  attempt: Attempt;
  sent: number | null;
}

/** The ids of all customers of a search, page by page; stops early when told to. */
export async function everybody(
  query: CustomerQuery,
  onpage: (read: number) => void,
  stopped: () => boolean,
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const window: CustomerQuery = cursor === null ? { limit: PAGE } : { limit: PAGE, cursor };
    const page = await take(client.GET("/v1/customers", { params: { query: { ...query, ...window } } }));
    ids.push(...page.items.map((each) => each.id));
    onpage(ids.length);
    cursor = page.next ? new URL(page.next, globalThis.location.origin).searchParams.get("cursor") : null;
  } while (cursor !== null && !stopped());
  return ids;
}

export class MailingState {
  phase = $state<"writing" | "checking" | "checked" | "sending" | "sent">("writing");
  progress = $state.raw<Progress>({ done: 0, all: 0 });
  account = $state.raw<Account>(NO_ACCOUNT);
  problem = $state.raw<ProblemError | null>(null);
  /** sending was stopped by hand: what was sent stays sent */
  halted = $state(false);
  #portions: Portion[] = [];
  #letter: Letter | null = null;
  #stop = false;

  get sent(): number {
    return this.#portions.reduce((sum, portion) => sum + (portion.sent ?? 0), 0);
  }

  stop(): void {
    this.#stop = true;
  }

  /** Back to the text; who gets it is asked anew. */
  edit(): void {
    this.phase = "writing";
    this.problem = null;
    this.halted = false;
  }

  /** Asks the server who would get it, without sending anything. */
  async check(
    letter: Letter,
    whom: (onpage: (read: number) => void, stopped: () => boolean) => Promise<string[]>,
    all: number,
  ): Promise<void> {
    this.phase = "checking";
    this.problem = null;
    this.#stop = false;
    this.#letter = letter;
    this.progress = { done: 0, all };
    try {
      const stopped = (): boolean => this.#stop;
      const ids = await whom((read) => (this.progress = { done: 0, all: Math.max(read, all) }), stopped);
      let account = NO_ACCOUNT;
      let done = 0;
      for (const part of portions(ids)) {
        if (this.#stop) return this.edit();
        const body = { ...letter, customer_ids: part };
        account = accounted(account, await take(client.POST("/v1/messages/preview", { body })));
        done += part.length;
        this.progress = { done, all: ids.length };
      }
      if (this.#stop) return this.edit();
      this.#portions = portions(ids).map((part) => ({ ids: part, attempt: new Attempt(), sent: null }));
      this.account = account;
      this.phase = "checked";
    } catch (reason) {
      this.problem = asProblem(reason);
      this.phase = "writing";
    }
  }

  /** Sends what was shown. After a failure or a stop it goes on with the portions that are left. */
  async send(): Promise<void> {
    const letter = this.#letter;
    if (!letter || this.phase !== "checked") return;
    this.phase = "sending";
    this.problem = null;
    this.halted = false;
    this.#stop = false;
    const all = this.#portions.reduce((sum, portion) => sum + portion.ids.length, 0);
    let done = this.#portions.reduce((sum, portion) => sum + (portion.sent === null ? 0 : portion.ids.length), 0);
    this.progress = { done, all };
    for (const portion of this.#portions) {
      if (portion.sent !== null) continue;
      if (this.#stop) {
        this.halted = true;
        this.phase = "checked";
        return;
      }
      const body: MailingBody = { ...letter, customer_ids: portion.ids };
      try {
        const made = await take(
          client.POST("/v1/messages", { params: { header: portion.attempt.header(body) }, body }),
        );
        portion.attempt.heard(null);
        portion.sent = made.counts.messages;
      } catch (reason) {
        this.problem = asProblem(reason);
        portion.attempt.heard(this.problem);
        this.phase = "checked";
        return;
      }
      done += portion.ids.length;
      this.progress = { done, all };
    }
    this.phase = "sent";
  }
}
