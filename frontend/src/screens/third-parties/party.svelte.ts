/** One third party's card on screen, with all that hangs on it. */
import { client, ifMatch, take } from "../../api/client";
import { asProblem, type ProblemError } from "../../api/problem";
import type { ThirdParty, ThirdPartyCreate, ThirdPartyPatch } from "../../api/types";
import { fullName } from "../customers/card";
import { RecordForm, type RecordSource } from "../customers/form.svelte";
import { parties } from "../customers/parties.svelte";
import { PartList } from "../customers/parts/part.svelte";
import { BLANK, createOf, patchOf, textOf } from "./party";
import { accounts, addresses, contacts, notes } from "./sources";

export type PartyForm = RecordForm<ThirdParty, ThirdPartyCreate, ThirdPartyPatch>;

function read(id: string): Promise<ThirdParty> {
  return take(client.GET("/v1/third-parties/{third_party_id}", { params: { path: { third_party_id: id } } }));
}

const source: RecordSource<ThirdParty, ThirdPartyCreate, ThirdPartyPatch> = {
  blank: BLANK,
  textOf,
  read: (party) => read(party.id),
  body: createOf,
  create: (body, header) => take(client.POST("/v1/third-parties", { params: { header }, body })),
  patch: patchOf,
  update: (party, body) =>
    take(
      client.PATCH("/v1/third-parties/{third_party_id}", {
        params: { path: { third_party_id: party.id }, header: ifMatch(party.version) },
        body,
      }),
    ),
};

/** A new card; its text outlives a wrong tap and a reload. */
export function newParty(): PartyForm {
  return new RecordForm("third-party.new", source);
}

export class PartyState {
  readonly id: string;
  readonly form: PartyForm;
  problem = $state.raw<ProblemError | null>(null);
  readonly contacts;
  readonly accounts;
  readonly addresses;
  readonly notes;
  #turn = 0;

  constructor(id: string) {
    this.id = id;
    this.form = new RecordForm(`third-party.${id}`, source);
    this.contacts = new PartList(`contacts.${id}`, contacts(id));
    this.accounts = new PartList(`accounts.${id}`, accounts(id));
    this.addresses = new PartList(`addresses.${id}`, addresses(id), {
      delivery: { "/role": "delivery" },
      billing: { "/role": "billing" },
      other: {},
    });
    this.notes = new PartList(`notes.${id}`, notes(id));
  }

  get party(): ThirdParty | null {
    return this.form.record;
  }

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const party = await read(this.id);
      if (turn !== this.#turn) return;
      this.form.heard(party);
      parties.learn(party.id, party.code, fullName(party));
      this.problem = null;
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    }
  }

  /** After an event: the card, and those of its lists that are shown, are read again in place. */
  async news(): Promise<void> {
    for (const part of [this.contacts, this.accounts, this.addresses, this.notes]) part.refresh();
    await this.load();
  }
}
