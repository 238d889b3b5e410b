/** What a card offers an order to choose from: its addresses, contacts and bank accounts. */
import { client, take } from "../../api/client";
import type { BankAccount, CardAddress, CardContact } from "../../api/types";
import { today } from "./days";

interface Choice {
  code: string;
  label: string;
}

type Use = "order" | "delivery_note" | "invoice";

export class CardChoices {
  #customer: string | null = null;
  addresses = $state.raw<CardAddress[]>([]);
  contacts = $state.raw<CardContact[]>([]);
  accounts = $state.raw<BankAccount[]>([]);

  /** Reads the card's lists, once for each card; nobody has none. */
  need(customer: string | null): void {
    if (customer === this.#customer) return;
    this.#customer = customer;
    this.addresses = [];
    this.contacts = [];
    this.accounts = [];
    if (customer !== null) void this.#read(customer);
  }

  /** The addresses that may stand on such a document; one that names no document may stand on all. */
  addressesFor(use: Use): Choice[] {
    return this.addresses
      .filter((each) => each.allowed_for.length === 0 || each.allowed_for.includes(use))
      .map((each) => ({
        code: each.id,
        label: [each.code, each.address.street, each.address.postal_code, each.address.town]
          .filter(Boolean)
          .join(" · "),
      }));
  }

  get people(): Choice[] {
    return this.contacts.map((each) => ({
      code: each.id,
      label: [[each.first_name, each.name].filter(Boolean).join(" "), each.function].filter(Boolean).join(" · "),
    }));
  }

  get openAccounts(): Choice[] {
    return this.accounts
      .filter((each) => each.closed_on === null || each.closed_on > today())
      .map((each) => ({ code: each.id, label: [each.code, each.iban].filter(Boolean).join(" · ") }));
  }

  async #read(customer: string): Promise<void> {
    const params = { params: { path: { customer_id: customer }, query: { limit: 200 } } };
    try {
      const [addresses, contacts, accounts] = await Promise.all([
        take(client.GET("/v1/customers/{customer_id}/addresses", params)),
        take(client.GET("/v1/customers/{customer_id}/contacts", params)),
        take(client.GET("/v1/customers/{customer_id}/bank-accounts", params)),
      ]);
      if (customer !== this.#customer) return;
      this.addresses = addresses.items;
      this.contacts = contacts.items;
      this.accounts = accounts.items;
    } catch {
      this.#customer = null; // asked again when the header is next shown; what is chosen already stays
    }
  }
}
