/** What colleagues tell one of: new cards, some of which wait for their visa (B9). */
import { client, newKey, take } from "../../api/client";
import type { Flash } from "../../api/types";
import { link } from "../../lib/router.svelte";

const MANY = 100;

class Flashes {
  /** the unread ones, newest first; at most MANY are read */
  unread = $state.raw<Flash[]>([]);
  #turn = 0;

  get count(): number {
    return this.unread.length;
  }

  /** Quietly: a bell that cannot be read says nothing, and is read again with the next news. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const page = await take(client.GET("/v1/flashes", { params: { query: { unread: true, limit: MANY } } }));
      if (turn === this.#turn) this.unread = page.items;
    } catch {
      // the list itself says what is wrong
    }
  }

  async read(flash: Flash): Promise<void> {
    if (flash.read_at) return;
    this.#turn += 1;
    this.unread = this.unread.filter((each) => each.id !== flash.id);
    await take(
      client.POST("/v1/flashes/{flash_id}/read", {
        params: { path: { flash_id: flash.id }, header: { "idempotency-key": newKey() } },
      }),
    ).catch(() => null); // it stays unread, and is told again
    await this.load();
  }
}

export const flashes = new Flashes();

/** The card a flash tells of. */
export function cardOf(flash: Flash): string {
  if (flash.customer_id) return link.customer(flash.customer_id);
  return flash.third_party_id ? link.thirdParty(flash.third_party_id) : link.flashes;
}
