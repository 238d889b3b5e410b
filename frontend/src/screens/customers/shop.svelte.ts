/** What the shop decided for all of its cards: labels of the statistics codes, roles of contacts, loyalty programs, its own fields, its people. */
import { client, take } from "../../api/client";
import { live } from "../../api/live.svelte";
import type { CustomField, Dossier, User } from "../../api/types";
import { i18n } from "../../i18n/index.svelte";

const FRESH = 60_000;
export const ROLES = ["order", "delivery_note", "invoice", "reminder", "quote"] as const;
export type ContactRole = (typeof ROLES)[number];

class Shop {
  #dossier = $state.raw<Dossier | null>(null);
  #fields = $state.raw<CustomField[]>([]);
  users = $state.raw<User[]>([]);
  #readAt = 0;

  constructor() {
    // the company file is edited in Réglages: the cards that show its words follow
    live.on((event) => {
      if (this.#readAt && (event.type === "settings.updated" || event.type === "resync")) void this.#read();
    });
  }

  /** Read it all unless that was done a moment ago; what is known meanwhile stays. */
  need(): void {
    if (Date.now() - this.#readAt < FRESH) return;
    this.#readAt = Date.now();
    void this.#read();
  }

  statLabel(axis: 1 | 2 | 3): string {
    const own = this.#dossier?.stat_axes.find((each) => each.number === axis)?.label;
    return own ?? i18n.t.customer.fields[`/stat_${axis}`];
  }

  /** The function code that makes a contact the one who receives such documents (B36). */
  functionOf(role: ContactRole): string {
    return this.#dossier?.contact_roles[role] ?? "";
  }

  /** The loyalty programs, the shop's own first. */
  get programs(): { code: string; label: string }[] {
    return (this.#dossier?.loyalty.programs ?? []).map(({ code, label }) => ({ code, label }));
  }

  get questionnaires(): { questionnaire: string; fields: CustomField[] }[] {
    const byName = new Map<string, CustomField[]>();
    for (const field of this.#fields) {
      byName.set(field.questionnaire, [...(byName.get(field.questionnaire) ?? []), field]);
    }
    return [...byName].map(([questionnaire, fields]) => ({ questionnaire, fields }));
  }

  async #read(): Promise<void> {
    try {
      const [dossier, fields, users] = await Promise.all([
        take(client.GET("/v1/dossier")),
        take(client.GET("/v1/custom-fields", { params: { query: { record: "customer" } } })),
        take(client.GET("/v1/users", { params: { query: { limit: 200 } } })),
      ]);
      this.#dossier = dossier;
      this.#fields = fields.items;
      this.users = users.items;
    } catch {
      this.#readAt = 0; // the card works without; asked again when it is next shown
    }
  }
}

export const shop = new Shop();
