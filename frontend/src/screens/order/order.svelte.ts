/** One order on screen: what the server has, what is typed in its header and not saved, and what is done with it. */
import { client, ifMatch, take } from "../../api/client";
import { asProblem, type ProblemError } from "../../api/problem";
import type { Order, OrderPatch } from "../../api/types";
import { i18n } from "../../i18n/index.svelte";
import { RecordForm, type RecordSource } from "../customers/form.svelte";
import { headerOf, headerPatch } from "./header";

/** What an action came to: what the server answered, or why not. */
export type Outcome<T> = { done: T; problem: null } | { done: null; problem: ProblemError };

function read(id: string): Promise<Order> {
  return take(client.GET("/v1/orders/{order_id}", { params: { path: { order_id: id } } }));
}

const HEADER: RecordSource<Order, never, OrderPatch> = {
  blank: {},
  textOf: headerOf,
  read: (order) => read(order.id),
  body: () => {
    throw new Error("an order is not made in its header");
  },
  create: () => Promise.reject(new Error("an order is not made in its header")),
  patch: (text, fields) => headerPatch(text, fields, i18n.t.order.amountWrong),
  update: (order, body) =>
    take(
      client.PATCH("/v1/orders/{order_id}", {
        params: { path: { order_id: order.id }, header: ifMatch(order.version) },
        body,
      }),
    ),
};

export class OrderState {
  readonly id: string;
  readonly form: RecordForm<Order, never, OrderPatch>;
  problem = $state.raw<ProblemError | null>(null);
  /** an action found the order changed: said once, after the fresh one is shown */
  notice = $state("");
  #turn = 0;

  constructor(id: string) {
    this.id = id;
    this.form = new RecordForm(`order.header.${id}`, HEADER);
  }

  get order(): Order | null {
    return this.form.record;
  }

  /** The answer to any change is the whole order: show it, keep what is being typed. */
  put(order: Order): void {
    this.#turn += 1;
    this.form.heard(order);
    this.problem = null;
  }

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const order = await read(this.id);
      if (turn === this.#turn) this.put(order);
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    }
  }

  /** Runs one action of a dialog whose answer is the order; a 412 shows the fresh order and asks to confirm again. */
  async act(action: (version: number) => Promise<Order>): Promise<ProblemError | null> {
    const { done, problem } = await this.#run(action);
    if (done) this.put(done);
    return problem;
  }

  /** The same for an action that answers something else (a delivery note, supplier orders): the order is read again. */
  async make<T>(action: (version: number) => Promise<T>): Promise<Outcome<T>> {
    const outcome = await this.#run(action);
    if (outcome.problem === null) await this.load();
    return outcome;
  }

  async #run<T>(action: (version: number) => Promise<T>): Promise<Outcome<T>> {
    this.notice = "";
    try {
      return { done: await action(this.order?.version ?? 0), problem: null };
    } catch (reason) {
      const problem = asProblem(reason);
      if (problem.stale) {
        await this.load();
        this.notice = i18n.t.order.changedMeanwhile;
      }
      return { done: null, problem };
    }
  }
}
