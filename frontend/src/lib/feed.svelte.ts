/** A list that is read on and on, newest first, without a count: history, flashes, merges, duplicates. */
import { asProblem, type ProblemError } from "../api/problem";
import type { Page } from "./list.svelte";

const PAGE = 50;
const LARGEST = 200;

export interface Reach {
  limit: number;
  cursor?: string;
}

export class Feed<Row> {
  items = $state.raw<Row[]>([]);
  problem = $state.raw<ProblemError | null>(null);
  loaded = $state(false);
  loading = $state(false);
  #cursor = $state<string | null>(null);
  #page: (reach: Reach) => Promise<Page<Row>>;
  #turn = 0;

  constructor(page: (reach: Reach) => Promise<Page<Row>>) {
    this.#page = page;
  }

  get hasMore(): boolean {
    return this.#cursor !== null;
  }

  /** From the start, as far as was read before. */
  load(): Promise<void> {
    const limit = Math.min(LARGEST, Math.max(PAGE, this.items.length));
    return this.#read({ limit }, []);
  }

  /** From the start again, for other criteria. */
  restart(): Promise<void> {
    return this.#read({ limit: PAGE }, []);
  }

  more(): Promise<void> {
    if (this.#cursor === null || this.loading) return Promise.resolve();
    return this.#read({ limit: PAGE, cursor: this.#cursor }, this.items);
  }

  async #read(reach: Reach, before: Row[]): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const page = await this.#page(reach);
      if (turn !== this.#turn) return;
      this.items = [...before, ...page.items];
      this.#cursor = page.next ? new URL(page.next, window.location.origin).searchParams.get("cursor") : null;
      this.problem = null;
      this.loaded = true;
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }
}
