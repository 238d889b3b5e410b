/** Where the records that hang on a card come from, how they are typed, and what of them is sent. */
import { client, ifMatch, take } from "../../../api/client";
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
  Discount,
  DiscountCreate,
  DiscountPatch,
} from "../../../api/types";
import { typedRate } from "../card";
import { textAt } from "../form";
import type { PartSource } from "./part.svelte";
import {
  accountWire,
  addressWire,
  contactWire,
  discountWire,
  DOCUMENTS,
  documentFlags,
  LINES,
  RIB,
  sent,
} from "./wire";

const LIMIT = 200;
const query = { limit: LIMIT };

export interface OfCustomer {
  customer: string;
}

// contacts -----------------------------------------------------------------------------------------------------------

const CONTACT = [
  "title",
  "first_name",
  "function",
  "phone",
  "mobile",
  "email",
  "fax",
  "address_id",
  "comment",
] as const;

export function contacts({ customer }: OfCustomer): PartSource<CardContact, CardContactCreate, CardContactPatch> {
  const path = { customer_id: customer };
  const one = (contact: CardContact) => ({ ...path, contact_id: contact.id });
  const fields = ["/name", ...CONTACT.map((name) => `/${name}`)];
  return {
    blank: { ...Object.fromEntries(fields.map((field) => [field, ""])), "/code": "" },
    textOf: (contact) => ({
      ...Object.fromEntries(CONTACT.map((name) => [`/${name}`, contact[name] ?? ""])),
      "/name": contact.name,
      "/code": contact.code,
    }),
    list: async () =>
      (await take(client.GET("/v1/customers/{customer_id}/contacts", { params: { path, query } }))).items,
    read: (contact) =>
      take(client.GET("/v1/customers/{customer_id}/contacts/{contact_id}", { params: { path: one(contact) } })),
    body: (text) => sent(text, [...fields, "/code"], contactWire) as CardContactCreate,
    create: (body, header) =>
      take(client.POST("/v1/customers/{customer_id}/contacts", { params: { path, header }, body })),
    patch: (text, names) => sent(text, names, contactWire) as CardContactPatch,
    update: (contact, body) =>
      take(
        client.PATCH("/v1/customers/{customer_id}/contacts/{contact_id}", {
          params: { path: one(contact), header: ifMatch(contact.version) },
          body,
        }),
      ),
    remove: (contact) =>
      take(
        client.DELETE("/v1/customers/{customer_id}/contacts/{contact_id}", {
          params: { path: one(contact), header: ifMatch(contact.version) },
        }),
      ),
  };
}

// bank accounts ------------------------------------------------------------------------------------------------------

export function accounts({ customer }: OfCustomer): PartSource<BankAccount, BankAccountCreate, BankAccountPatch> {
  const path = { customer_id: customer };
  const one = (account: BankAccount) => ({ ...path, bank_account_id: account.id });
  const noRib = Object.fromEntries(RIB.map((part) => [`/rib/${part}`, ""]));
  return {
    blank: {
      "/by": "iban",
      "/iban": "",
      ...noRib,
      "/bic": "",
      "/domiciliation": "",
      "/main": false,
      "/closed_on": "",
      "/code": "",
    },
    textOf: (account) => ({
      "/by": "iban",
      "/iban": account.iban,
      ...Object.fromEntries(RIB.map((part) => [`/rib/${part}`, account.rib?.[part] ?? ""])),
      "/bic": account.bic ?? "",
      "/domiciliation": account.domiciliation ?? "",
      "/main": account.main,
      "/closed_on": account.closed_on ?? "",
      "/code": account.code,
    }),
    list: async () =>
      (await take(client.GET("/v1/customers/{customer_id}/bank-accounts", { params: { path, query } }))).items,
    read: (account) =>
      take(
        client.GET("/v1/customers/{customer_id}/bank-accounts/{bank_account_id}", { params: { path: one(account) } }),
      ),
    body: (text) =>
      accountWire(text, ["/iban", "/bic", "/domiciliation", "/main", "/closed_on", "/code"]) as BankAccountCreate,
    create: (body, header) =>
      take(client.POST("/v1/customers/{customer_id}/bank-accounts", { params: { path, header }, body })),
    patch: (text, names) => accountWire(text, names) as BankAccountPatch,
    update: (account, body) =>
      take(
        client.PATCH("/v1/customers/{customer_id}/bank-accounts/{bank_account_id}", {
          params: { path: one(account), header: ifMatch(account.version) },
          body,
        }),
      ),
    remove: (account) =>
      take(
        client.DELETE("/v1/customers/{customer_id}/bank-accounts/{bank_account_id}", {
          params: { path: one(account), header: ifMatch(account.version) },
        }),
      ),
  };
}

// addresses ----------------------------------------------------------------------------------------------------------

export function addresses({ customer }: OfCustomer): PartSource<CardAddress, CardAddressCreate, CardAddressPatch> {
  const path = { customer_id: customer };
  const one = (address: CardAddress) => ({ ...path, address_id: address.id });
  const blank: Record<string, string | boolean> = {
    "/code": "",
    "/role": "other",
    ...Object.fromEntries(LINES.map((line) => [`/address/${line}`, ""])),
    "/address/country": "FR",
    "/phone": "",
    "/email": "",
    "/siret": "",
    "/use_main_of_id": "",
    ...documentFlags("allowed_for", DOCUMENTS),
    ...documentFlags("default_for", []),
  };
  return {
    blank,
    textOf: (address) => ({
      "/code": address.code,
      "/role": address.role,
      ...Object.fromEntries(LINES.map((line) => [`/address/${line}`, address.address[line] ?? ""])),
      "/address/country": address.address.country,
      "/phone": address.phone ?? "",
      "/email": address.email ?? "",
      "/siret": address.siret ?? "",
      "/use_main_of_id": address.use_main_of_id ?? "",
      ...documentFlags("allowed_for", address.allowed_for),
      ...documentFlags("default_for", address.default_for),
    }),
    list: async () =>
      (await take(client.GET("/v1/customers/{customer_id}/addresses", { params: { path, query } }))).items,
    read: (address) =>
      take(client.GET("/v1/customers/{customer_id}/addresses/{address_id}", { params: { path: one(address) } })),
    body: (text) => addressWire(text, Object.keys(blank)) as CardAddressCreate,
    create: (body, header) =>
      take(client.POST("/v1/customers/{customer_id}/addresses", { params: { path, header }, body })),
    patch: (text, names) => addressWire(text, names) as CardAddressPatch,
    update: (address, body) =>
      take(
        client.PATCH("/v1/customers/{customer_id}/addresses/{address_id}", {
          params: { path: one(address), header: ifMatch(address.version) },
          body,
        }),
      ),
    remove: (address) =>
      take(
        client.DELETE("/v1/customers/{customer_id}/addresses/{address_id}", {
          params: { path: one(address), header: ifMatch(address.version) },
        }),
      ),
  };
}

// notes --------------------------------------------------------------------------------------------------------------

export function notes({ customer }: OfCustomer): PartSource<CardNote, CardNoteCreate, CardNotePatch> {
  const path = { customer_id: customer };
  const one = (note: CardNote) => ({ ...path, note_id: note.id });
  return {
    blank: { "/text": "" },
    textOf: (note) => ({ "/text": note.text }),
    list: async () => (await take(client.GET("/v1/customers/{customer_id}/notes", { params: { path, query } }))).items,
    read: (note) => take(client.GET("/v1/customers/{customer_id}/notes/{note_id}", { params: { path: one(note) } })),
    body: (text) => ({ text: textAt(text, "/text").trim() }),
    create: (body, header) =>
      take(client.POST("/v1/customers/{customer_id}/notes", { params: { path, header }, body })),
    patch: (text) => ({ text: textAt(text, "/text").trim() }),
    update: (note, body) =>
      take(
        client.PATCH("/v1/customers/{customer_id}/notes/{note_id}", {
          params: { path: one(note), header: ifMatch(note.version) },
          body,
        }),
      ),
    remove: (note) =>
      take(
        client.DELETE("/v1/customers/{customer_id}/notes/{note_id}", {
          params: { path: one(note), header: ifMatch(note.version) },
        }),
      ),
  };
}

// discounts ----------------------------------------------------------------------------------------------------------

export function discounts(customer: string): PartSource<Discount, DiscountCreate, DiscountPatch> {
  const path = { customer_id: customer };
  const one = (discount: Discount) => ({ ...path, discount_id: discount.id });
  const fields = ["/scope", "/vat_rate", "/category", "/percent", "/starts_on", "/ends_on", "/basis"];
  return {
    blank: { ...Object.fromEntries(fields.map((field) => [field, ""])), "/scope": "all", "/vat_rate": "5.50" },
    textOf: (discount) => ({
      "/scope": discount.scope,
      "/vat_rate": discount.vat_rate ?? "5.50",
      "/category": discount.category ?? "",
      "/percent": typedRate(discount.percent),
      "/starts_on": discount.starts_on ?? "",
      "/ends_on": discount.ends_on ?? "",
      "/basis": discount.basis ?? "",
    }),
    list: async () =>
      (await take(client.GET("/v1/customers/{customer_id}/discounts", { params: { path, query } }))).items,
    read: (discount) =>
      take(client.GET("/v1/customers/{customer_id}/discounts/{discount_id}", { params: { path: one(discount) } })),
    body: (text) => discountWire(text, fields) as DiscountCreate,
    create: (body, header) =>
      take(client.POST("/v1/customers/{customer_id}/discounts", { params: { path, header }, body })),
    patch: (text, names) => discountWire(text, names) as DiscountPatch,
    update: (discount, body) =>
      take(
        client.PATCH("/v1/customers/{customer_id}/discounts/{discount_id}", {
          params: { path: one(discount), header: ifMatch(discount.version) },
          body,
        }),
      ),
    remove: (discount) =>
      take(
        client.DELETE("/v1/customers/{customer_id}/discounts/{discount_id}", {
          params: { path: one(discount), header: ifMatch(discount.version) },
        }),
      ),
  };
}
