/** The shop's own lists (civilités, pays, catégories, …), read once and again when they may have changed. */
import { client, take } from "../../api/client";
import { live } from "../../api/live.svelte";
import type { ReferenceValue, TableName } from "../../api/types";
import { i18n } from "../../i18n/index.svelte";

export type { TableName } from "../../api/types";

const FRESH = 60_000;

interface Choice {
  code: string;
  label: string;
}

class Tables {
  #values = $state.raw<Readonly<Partial<Record<TableName, ReferenceValue[]>>>>({});
  #readAt = new Map<TableName, number>();

  constructor() {
    // somebody edits the tables in Réglages: the fields that show them follow
    live.on((event) => {
      if (event.type !== "settings.updated" && event.type !== "resync") return;
      for (const table of this.#readAt.keys()) void this.#read(table);
    });
  }

  /** Read the table unless that was done a moment ago; what is known meanwhile stays. */
  need(table: TableName): void {
    const readAt = this.#readAt.get(table);
    if (readAt !== undefined && Date.now() - readAt < FRESH) return;
    this.#readAt.set(table, Date.now());
    void this.#read(table);
  }

  /** The values that are proposed, in the shop's order. */
  options(table: TableName, coded = false): Choice[] {
    return (this.#values[table] ?? [])
      .filter((value) => value.active)
      .map((value) => ({
        code: value.code,
        label: coded ? `${value.code} — ${this.#label(value)}` : this.#label(value),
      }));
  }

  /** The label of a code, also of one that is proposed no more; the code itself when the table does not know it. */
  word(table: TableName, code: string | null): string {
    if (!code) return "";
    const value = this.#values[table]?.find((each) => each.code === code);
    return value ? this.#label(value) : code;
  }

  #label(value: ReferenceValue): string {
    return i18n.lang === "en" && value.label_en ? value.label_en : value.label;
  }

  async #read(table: TableName): Promise<void> {
    try {
      const page = await take(client.GET("/v1/tables/{name}", { params: { path: { name: table } } }));
      this.#values = { ...this.#values, [table]: page.items };
    } catch {
      this.#readAt.delete(table); // the field still shows its code, and asks again next time
    }
  }
}

export const tables = new Tables();
