/** How many messages wait for a person's decision: those that failed for good, and those nobody can know of. */
import { client, take } from "../../api/client";

class Failing {
  dead = $state(0);
  uncertain = $state(0);
  #turn = 0;

  get any(): boolean {
    return this.dead + this.uncertain > 0;
  }

  /** Quietly: what cannot be counted now is counted with the next news. */
  async load(): Promise<void> {
    const turn = ++this.#turn;
    const count = async (state: "dead" | "uncertain"): Promise<number> =>
      (await take(client.GET("/v1/messages/count", { params: { query: { state: [state] } } }))).count;
    try {
      const [dead, uncertain] = await Promise.all([count("dead"), count("uncertain")]);
      if (turn !== this.#turn) return;
      this.dead = dead;
      this.uncertain = uncertain;
    } catch {
      // the outbox itself says what is wrong
    }
  }
}

export const failing = new Failing();
