/** One customer card on screen: what the server has, what is typed, and a 412 that loses neither. */
import { Attempt } from "../../api/attempt";
import { client, ifMatch, take } from "../../api/client";
import { asProblem, type ProblemError } from "../../api/problem";
import type { Customer } from "../../api/types";
import { Draft } from "../../lib/draft.svelte";
import { BLANK, changed, patchOf, textOf, type CardText } from "./card";

interface CardDraft {
  base: CardText;
  now: CardText;
}

export class CardState {
  readonly id: string | null;
  customer = $state.raw<Customer | null>(null);
  problem = $state.raw<ProblemError | null>(null);
  saveProblem = $state.raw<ProblemError | null>(null);
  saving = $state(false);
  /** fields that somebody else changed while I was typing in them too */
  conflicts = $state.raw<(keyof CardText)[]>([]);
  #draft: Draft<CardDraft>;
  #attempt = new Attempt();
  #turn = 0;

  constructor(id: string | null) {
    this.id = id;
    this.#draft = new Draft(`customer.${id ?? "new"}`);
  }

  get saved(): CardText {
    return this.customer ? textOf(this.customer) : BLANK;
  }

  get text(): CardText {
    return this.#draft.value?.now ?? this.saved;
  }

  get dirty(): boolean {
    return this.#draft.value !== null;
  }

  type<Field extends keyof CardText>(field: Field, value: CardText[Field]): void {
    const now = { ...this.text, [field]: value };
    if (changed(this.saved, now).length === 0) this.#draft.clear();
    else this.#draft.set({ base: this.#draft.value?.base ?? this.saved, now });
  }

  discard(): void {
    this.#draft.clear();
    this.conflicts = [];
    this.saveProblem = null;
  }

  async load(): Promise<void> {
    if (this.id === null) return;
    const turn = ++this.#turn;
    try {
      const params = { params: { path: { customer_id: this.id } } };
      const customer = await take(client.GET("/v1/customers/{customer_id}", params));
      if (turn !== this.#turn) return;
      this.customer = customer;
      this.problem = null;
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    }
  }

  /** The saved card, or null when something stands in the way (said in `saveProblem` or `conflicts`). */
  async save(insist = false): Promise<Customer | null> {
    const draft = this.#draft.value;
    if (!draft || this.saving) return null;
    this.saving = true;
    this.saveProblem = null;
    this.conflicts = [];
    try {
      const customer = this.customer ? await this.#update(this.customer, draft, insist) : await this.#create(draft);
      if (customer) {
        this.#draft.clear();
        this.#turn += 1;
        this.customer = customer;
      }
      return customer;
    } catch (reason) {
      this.saveProblem = asProblem(reason);
      this.#attempt.heard(this.saveProblem);
      return null;
    } finally {
      this.saving = false;
    }
  }

  async #create(draft: CardDraft): Promise<Customer> {
    const body = { ...patchOf(BLANK, draft.now), name: draft.now.name.trim() };
    const { address, ...rest } = body;
    const whole = address ? { ...rest, address } : rest;
    return take(client.POST("/v1/customers", { params: { header: this.#attempt.header(whole) }, body: whole }));
  }

  async #update(before: Customer, draft: CardDraft, insist: boolean): Promise<Customer | null> {
    let current = before;
    for (let attempt = 0; ; attempt += 1) {
      const theirs = new Set(changed(draft.base, textOf(current)));
      const both = changed(draft.base, draft.now).filter(
        (field) => theirs.has(field) && textOf(current)[field] !== draft.now[field],
      );
      if (both.length && !insist) {
        this.conflicts = both;
        return null;
      }
      try {
        return await take(
          client.PATCH("/v1/customers/{customer_id}", {
            params: { path: { customer_id: current.id }, header: ifMatch(current.version) },
            body: patchOf(draft.base, draft.now),
          }),
        );
      } catch (reason) {
        if (!asProblem(reason).stale || attempt > 1) throw reason;
        await this.load();
        current = this.customer ?? current;
      }
    }
  }
}
