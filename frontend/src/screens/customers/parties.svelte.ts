/** Code and name of the cards that other cards name, looked up once each. */
import { client, take } from "../../api/client";
import { fullName } from "./card";

export interface Named {
  code: string;
  name: string;
}

class Parties {
  #known = $state.raw<Readonly<Record<string, Named>>>({});
  #asked = new Set<string>();

  /** null until the server has answered; asks by itself. */
  get(id: string): Named | null {
    const known = this.#known[id];
    if (!known && !this.#asked.has(id)) {
      this.#asked.add(id);
      void this.#ask(id);
    }
    return known ?? null;
  }

  /** "C0000042 MARTIN Claire", or the id while nothing better is known */
  word(id: string): string {
    const known = this.get(id);
    return known ? `${known.code} ${known.name}`.trim() : id;
  }

  learn(id: string, code: string, name: string): void {
    this.#known = { ...this.#known, [id]: { code, name } };
  }

  async #ask(id: string): Promise<void> {
    try {
      if (id.startsWith("tpa_")) {
        const found = await take(
          client.GET("/v1/third-parties/{third_party_id}", { params: { path: { third_party_id: id } } }),
        );
        this.learn(id, found.code, fullName(found));
      } else if (id.startsWith("usr_")) {
        const found = await take(client.GET("/v1/users/{user_id}", { params: { path: { user_id: id } } }));
        this.learn(id, "", found.name);
      } else {
        const found = await take(client.GET("/v1/customers/{customer_id}", { params: { path: { customer_id: id } } }));
        this.learn(id, found.code, fullName(found));
      }
    } catch {
      this.#asked.delete(id); // hidden from us, or no network: asked again when it is next shown
    }
  }
}

export const parties = new Parties();
