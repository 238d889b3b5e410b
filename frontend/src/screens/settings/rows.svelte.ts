/** What the pages of the settings have in common: read when they open, and again when anybody changes the settings. */
import { onMount } from "svelte";

import { live } from "../../api/live.svelte";
import { asProblem, type ProblemError } from "../../api/problem";
import { Latest } from "../../lib/latest";
import { toasts } from "../../lib/toasts.svelte";

export function withSettings(load: () => Promise<void>): void {
  onMount(() => {
    void load();
    return live.on((event) => {
      if (event.type === "resync" || event.type === "settings.updated") void load();
    });
  });
}

export class SettingsRows<Row> {
  items = $state.raw<Row[]>([]);
  loaded = $state(false);
  problem = $state.raw<ProblemError | null>(null);
  #page: () => Promise<{ items: Row[] }>;
  #latest = new Latest();

  constructor(page: () => Promise<{ items: Row[] }>) {
    this.#page = page;
    withSettings(this.load);
  }

  load = async (): Promise<void> => {
    const isNews = this.#latest.ask();
    try {
      const { items } = await this.#page();
      if (!isNews()) return;
      this.items = items;
      this.loaded = true;
      this.problem = null;
    } catch (reason) {
      if (isNews()) this.problem = asProblem(reason);
    }
  };
}

/** Waits for a removal, says it, and reads again; also after a refusal because somebody has changed the row. */
export async function removal(
  request: Promise<unknown>,
  said: string,
  load: () => Promise<void>,
): Promise<ProblemError | null> {
  try {
    await request;
  } catch (reason) {
    const refusal = asProblem(reason);
    if (refusal.stale) await load();
    return refusal;
  }
  toasts.say(said);
  await load();
  return null;
}
