/** One order on screen: what the server has, what is typed and not saved, and what both make when they disagree. */
import { client, ifMatch, take } from "../../api/client";
import { asProblem, type ProblemError } from "../../api/problem";
import type { Order } from "../../api/types";
import { i18n } from "../../i18n/index.svelte";
import { Draft } from "../../lib/draft.svelte";

export interface HeaderText {
  customer_reference: string;
  comment: string;
}

interface HeaderDraft extends HeaderText {
  /** what the server had when typing began: tells whose change is whose */
  base: HeaderText;
}

export type HeaderField = keyof HeaderText;

export interface Conflict {
  field: HeaderField;
  mine: string;
  theirs: string;
}

function headerOf(order: Order): HeaderText {
  return { customer_reference: order.customer_reference ?? "", comment: order.comment ?? "" };
}

const FIELDS: HeaderField[] = ["customer_reference", "comment"];

export class OrderState {
  readonly id: string;
  order = $state.raw<Order | null>(null);
  problem = $state.raw<ProblemError | null>(null);
  saving = $state(false);
  saveProblem = $state.raw<ProblemError | null>(null);
  /** an action found the order changed: said once, after the fresh one is shown */
  notice = $state("");
  /** fields where the other's value waits for a decision */
  conflicts = $state.raw<Conflict[]>([]);
  #draft: Draft<HeaderDraft>;
  #turn = 0;

  constructor(id: string) {
    this.id = id;
    this.#draft = new Draft(`order.${id}`);
  }

  get header(): HeaderText {
    return this.#draft.value ?? (this.order ? headerOf(this.order) : { customer_reference: "", comment: "" });
  }

  get dirty(): boolean {
    return this.#draft.value !== null;
  }

  type(field: HeaderField, value: string): void {
    if (!this.order) return;
    const saved = headerOf(this.order);
    const next = { ...this.header, [field]: value };
    if (FIELDS.every((name) => next[name] === saved[name])) this.#draft.clear();
    else this.#draft.set({ ...next, base: this.#draft.value?.base ?? saved });
  }

  discard(): void {
    this.#draft.clear();
    this.conflicts = [];
    this.saveProblem = null;
  }

  /** The answer to any change is the whole order: show it, keep what is being typed. */
  put(order: Order): void {
    this.#turn += 1;
    this.order = order;
    this.problem = null;
  }

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const order = await take(client.GET("/v1/orders/{order_id}", { params: { path: { order_id: this.id } } }));
      if (turn === this.#turn) this.put(order);
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    }
  }

  /** Did somebody else change, since I began, a field that I changed too? */
  #compare(): Conflict[] {
    const draft = this.#draft.value;
    if (!draft || !this.order) return [];
    const theirs = headerOf(this.order);
    return FIELDS.filter(
      (field) =>
        draft[field] !== draft.base[field] && theirs[field] !== draft.base[field] && theirs[field] !== draft[field],
    ).map((field) => ({ field, mine: draft[field], theirs: theirs[field] }));
  }

  settle(conflict: Conflict, keep: "mine" | "theirs"): void {
    const draft = this.#draft.value;
    if (draft) {
      const base = { ...draft.base, [conflict.field]: conflict.theirs };
      const value = keep === "mine" ? conflict.mine : conflict.theirs;
      this.#draft.set({ ...draft, [conflict.field]: value, base });
      this.type(conflict.field, value);
    }
    this.conflicts = this.conflicts.filter((item) => item.field !== conflict.field);
  }

  /** True when saved. A 412 reads the order again; what the two did to different fields is simply put together. */
  async save(): Promise<boolean> {
    const draft = this.#draft.value;
    if (!draft || !this.order || this.saving) return false;
    this.conflicts = this.#compare();
    if (this.conflicts.length) return false;
    this.saving = true;
    this.saveProblem = null;
    try {
      for (let attempt = 0; ; attempt += 1) {
        const body = Object.fromEntries(
          FIELDS.filter((field) => draft[field] !== draft.base[field]).map((field) => [
            field,
            draft[field].trim() || null,
          ]),
        ) as Partial<Record<HeaderField, string | null>>;
        try {
          const saved = await take(
            client.PATCH("/v1/orders/{order_id}", {
              params: { path: { order_id: this.id }, header: ifMatch(this.order.version) },
              body,
            }),
          );
          this.#draft.clear();
          this.put(saved);
          return true;
        } catch (reason) {
          const problem = asProblem(reason);
          if (!problem.stale || attempt > 1) throw problem;
          await this.load();
          this.conflicts = this.#compare();
          if (this.conflicts.length) return false;
        }
      }
    } catch (reason) {
      this.saveProblem = asProblem(reason);
      return false;
    } finally {
      this.saving = false;
    }
  }

  /** Runs one action of a dialog. True when done; a 412 shows the fresh order and asks to confirm again. */
  async act(action: (version: number) => Promise<Order>): Promise<ProblemError | null> {
    if (!this.order) return null;
    this.notice = "";
    try {
      this.put(await action(this.order.version));
      return null;
    } catch (reason) {
      const problem = asProblem(reason);
      if (problem.stale) {
        await this.load();
        this.notice = i18n.t.order.changedMeanwhile;
      }
      return problem;
    }
  }
}
