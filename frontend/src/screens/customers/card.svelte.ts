/** One customer card on screen, with all that hangs on it. */
import { client, ifMatch, take } from "../../api/client";
import { asProblem, type ProblemError } from "../../api/problem";
import type { Customer, CustomerCreate, CustomerPatch } from "../../api/types";
import { i18n } from "../../i18n/index.svelte";
import { ActivityState } from "./tabs/activity.svelte";
import { BLANK, createOf, fullName, patchOf, textOf } from "./card";
import { DepositState } from "./deposits/deposits.svelte";
import { RecordForm, type RecordSource } from "./form.svelte";
import { LoyaltyState } from "./loyalty/loyalty.svelte";
import { parties } from "./parties.svelte";
import { accounts, addresses, contacts, discounts, notes } from "./parts/sources";
import { PartList } from "./parts/part.svelte";
import { PurchaseList } from "./purchases.svelte";

export type CustomerForm = RecordForm<Customer, CustomerCreate, CustomerPatch>;

function read(id: string): Promise<Customer> {
  return take(client.GET("/v1/customers/{customer_id}", { params: { path: { customer_id: id } } }));
}

const source: RecordSource<Customer, CustomerCreate, CustomerPatch> = {
  blank: BLANK,
  textOf,
  read: (customer) => read(customer.id),
  body: (text) => createOf(text, i18n.t.order.amountWrong),
  create: (body, key) => take(client.POST("/v1/customers", { params: { header: key }, body })),
  patch: (text, fields) => patchOf(text, fields, i18n.t.order.amountWrong),
  update: (customer, patch) =>
    take(
      client.PATCH("/v1/customers/{customer_id}", {
        params: { path: { customer_id: customer.id }, header: ifMatch(customer.version) },
        body: patch,
      }),
    ),
};

/** The quick form of a new customer; its text outlives a wrong tap and a reload too. */
export function newCustomer(): CustomerForm {
  return new RecordForm("customer.new", source);
}

export class CardState {
  readonly id: string;
  readonly form: CustomerForm;
  problem = $state.raw<ProblemError | null>(null);
  readonly contacts;
  readonly accounts;
  readonly addresses;
  readonly notes;
  readonly discounts;
  readonly activity;
  readonly purchases;
  readonly loyalty;
  readonly deposits;
  #turn = 0;

  constructor(id: string) {
    this.id = id;
    this.form = new RecordForm(`customer.${id}`, source);
    this.contacts = new PartList(`contacts.${id}`, contacts({ customer: id }));
    this.accounts = new PartList(`accounts.${id}`, accounts({ customer: id }));
    this.addresses = new PartList(`addresses.${id}`, addresses({ customer: id }), {
      delivery: { "/role": "delivery" },
      billing: { "/role": "billing" },
      other: {},
    });
    this.notes = new PartList(`notes.${id}`, notes({ customer: id }));
    this.discounts = new PartList(`discounts.${id}`, discounts(id));
    this.activity = new ActivityState(id);
    this.purchases = new PurchaseList(id);
    this.loyalty = new LoyaltyState(id);
    this.deposits = new DepositState(id);
  }

  get customer(): Customer | null {
    return this.form.record;
  }

  get parts(): { readonly dirty: boolean; save: () => Promise<boolean>; refresh: () => void }[] {
    return [this.contacts, this.accounts, this.addresses, this.notes, this.discounts];
  }

  get dirty(): boolean {
    return this.form.dirty || this.parts.some((part) => part.dirty);
  }

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const customer = await read(this.id);
      if (turn !== this.#turn) return;
      this.form.heard(customer);
      parties.learn(customer.id, customer.code, fullName(customer));
      this.problem = null;
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    }
  }

  /** After an event: the card, and those of its lists that are shown, are read again in place. */
  async news(): Promise<void> {
    for (const part of this.parts) part.refresh();
    this.dealings();
    await this.load();
  }

  /** After an event of an order or a reservation: what was bought, what it earned, what was paid. */
  dealings(): void {
    for (const each of [this.activity, this.purchases, this.loyalty, this.deposits]) each.refresh();
  }
}
