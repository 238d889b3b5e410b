/** One supplier order on screen: what the server has, and its actions, which a 412 never loses. */
import { client, ifMatch, take } from "../../api/client";
import { asProblem, type ProblemError } from "../../api/problem";
import type { SupplierOrder, SupplierOrderPatch } from "../../api/types";
import { i18n } from "../../i18n/index.svelte";
import { RecordForm, type RecordSource } from "../customers/form.svelte";
import { written, type Typed } from "../customers/form";

function read(id: string): Promise<SupplierOrder> {
  return take(client.GET("/v1/supplier-orders/{supplier_order_id}", { params: { path: { supplier_order_id: id } } }));
}

function patchOf(text: Typed, fields: readonly string[]): SupplierOrderPatch {
  const patch: SupplierOrderPatch = {};
  if (fields.includes("/reference")) patch.reference = written(text, "/reference");
  if (fields.includes("/comment")) patch.comment = written(text, "/comment");
  return patch;
}

const source: RecordSource<SupplierOrder, never, SupplierOrderPatch> = {
  blank: {},
  textOf: (order) => ({ "/reference": order.reference ?? "", "/comment": order.comment ?? "" }),
  read: (order) => read(order.id),
  body: () => {
    throw new Error("supplier orders are made of the untreated lines");
  },
  create: () => Promise.reject(new Error("supplier orders are made of the untreated lines")),
  patch: patchOf,
  update: (order, body) =>
    take(
      client.PATCH("/v1/supplier-orders/{supplier_order_id}", {
        params: { path: { supplier_order_id: order.id }, header: ifMatch(order.version) },
        body,
      }),
    ),
};

export class SupplierOrderState {
  readonly id: string;
  readonly form: RecordForm<SupplierOrder, never, SupplierOrderPatch>;
  problem = $state.raw<ProblemError | null>(null);
  /** an action found the order changed: said once, after the fresh one is shown */
  notice = $state("");
  #turn = 0;

  constructor(id: string) {
    this.id = id;
    this.form = new RecordForm(`supplier-order.${id}`, source);
  }

  get order(): SupplierOrder | null {
    return this.form.record;
  }

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const order = await read(this.id);
      if (turn !== this.#turn) return;
      this.form.heard(order);
      this.problem = null;
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    }
  }

  /** Runs one action. Null when done; a 412 shows the fresh order and asks to confirm again. */
  async act(action: (version: number) => Promise<SupplierOrder>): Promise<ProblemError | null> {
    if (!this.order) return null;
    this.notice = "";
    try {
      const order = await action(this.order.version);
      this.#turn += 1;
      this.form.heard(order);
      return null;
    } catch (reason) {
      const problem = asProblem(reason);
      if (problem.stale) {
        await this.load();
        this.notice = i18n.t.supplierOrders.changedMeanwhile;
      }
      return problem;
    }
  }
}
