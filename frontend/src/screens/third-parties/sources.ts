/** What hangs on a third party's card: typed and sent like a customer's, at its own address. */
import { client, ifMatch, take } from "../../api/client";
import type {
  BankAccount,
  BankAccountCreate,
  BankAccountPatch,
  CardAddress,
  CardAddressCreate,
  CardAddressPatch,
  CardContact,
  CardContactCreate,
  CardContactPatch,
  CardNote,
  CardNoteCreate,
  CardNotePatch,
} from "../../api/types";
import * as ofCustomers from "../customers/parts/sources";
import type { PartSource } from "../customers/parts/part.svelte";

const query = { limit: 200 };
/** Texts and bodies are a customer's too; only the requests differ. */
const NOBODY = { customer: "" };

export function contacts(id: string): PartSource<CardContact, CardContactCreate, CardContactPatch> {
  const path = { third_party_id: id };
  const one = (contact: CardContact) => ({ ...path, contact_id: contact.id });
  return {
    ...ofCustomers.contacts(NOBODY),
    list: async () =>
      (await take(client.GET("/v1/third-parties/{third_party_id}/contacts", { params: { path, query } }))).items,
    read: (contact) =>
      take(client.GET("/v1/third-parties/{third_party_id}/contacts/{contact_id}", { params: { path: one(contact) } })),
    create: (body, header) =>
      take(client.POST("/v1/third-parties/{third_party_id}/contacts", { params: { path, header }, body })),
    update: (contact, body) =>
      take(
        client.PATCH("/v1/third-parties/{third_party_id}/contacts/{contact_id}", {
          params: { path: one(contact), header: ifMatch(contact.version) },
          body,
        }),
      ),
    remove: (contact) =>
      take(
        client.DELETE("/v1/third-parties/{third_party_id}/contacts/{contact_id}", {
          params: { path: one(contact), header: ifMatch(contact.version) },
        }),
      ),
  };
}

export function accounts(id: string): PartSource<BankAccount, BankAccountCreate, BankAccountPatch> {
  const path = { third_party_id: id };
  const one = (account: BankAccount) => ({ ...path, bank_account_id: account.id });
  return {
    ...ofCustomers.accounts(NOBODY),
    list: async () =>
      (await take(client.GET("/v1/third-parties/{third_party_id}/bank-accounts", { params: { path, query } }))).items,
    read: (account) =>
      take(
        client.GET("/v1/third-parties/{third_party_id}/bank-accounts/{bank_account_id}", {
          params: { path: one(account) },
        }),
      ),
    create: (body, header) =>
      take(client.POST("/v1/third-parties/{third_party_id}/bank-accounts", { params: { path, header }, body })),
    update: (account, body) =>
      take(
        client.PATCH("/v1/third-parties/{third_party_id}/bank-accounts/{bank_account_id}", {
          params: { path: one(account), header: ifMatch(account.version) },
          body,
        }),
      ),
    remove: (account) =>
      take(
        client.DELETE("/v1/third-parties/{third_party_id}/bank-accounts/{bank_account_id}", {
          params: { path: one(account), header: ifMatch(account.version) },
        }),
      ),
  };
}

export function addresses(id: string): PartSource<CardAddress, CardAddressCreate, CardAddressPatch> {
  const path = { third_party_id: id };
  const one = (address: CardAddress) => ({ ...path, address_id: address.id });
  return {
    ...ofCustomers.addresses(NOBODY),
    list: async () =>
      (await take(client.GET("/v1/third-parties/{third_party_id}/addresses", { params: { path, query } }))).items,
    read: (address) =>
      take(client.GET("/v1/third-parties/{third_party_id}/addresses/{address_id}", { params: { path: one(address) } })),
    create: (body, header) =>
      take(client.POST("/v1/third-parties/{third_party_id}/addresses", { params: { path, header }, body })),
    update: (address, body) =>
      take(
        client.PATCH("/v1/third-parties/{third_party_id}/addresses/{address_id}", {
          params: { path: one(address), header: ifMatch(address.version) },
          body,
        }),
      ),
    remove: (address) =>
      take(
        client.DELETE("/v1/third-parties/{third_party_id}/addresses/{address_id}", {
          params: { path: one(address), header: ifMatch(address.version) },
        }),
      ),
  };
}

export function notes(id: string): PartSource<CardNote, CardNoteCreate, CardNotePatch> {
  const path = { third_party_id: id };
  const one = (note: CardNote) => ({ ...path, note_id: note.id });
  return {
    ...ofCustomers.notes(NOBODY),
    list: async () =>
      (await take(client.GET("/v1/third-parties/{third_party_id}/notes", { params: { path, query } }))).items,
    read: (note) =>
      take(client.GET("/v1/third-parties/{third_party_id}/notes/{note_id}", { params: { path: one(note) } })),
    create: (body, header) =>
      take(client.POST("/v1/third-parties/{third_party_id}/notes", { params: { path, header }, body })),
    update: (note, body) =>
      take(
        client.PATCH("/v1/third-parties/{third_party_id}/notes/{note_id}", {
          params: { path: one(note), header: ifMatch(note.version) },
          body,
        }),
      ),
    remove: (note) =>
      take(
        client.DELETE("/v1/third-parties/{third_party_id}/notes/{note_id}", {
          params: { path: one(note), header: ifMatch(note.version) },
        }),
      ),
  };
}
