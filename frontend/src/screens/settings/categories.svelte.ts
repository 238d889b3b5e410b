/** The shop's categories of articles, read once and again when they may have changed. */
import { client, take } from "../../api/client";
import { live } from "../../api/live.svelte";
import { asProblem, type ProblemError } from "../../api/problem";
import type { Category } from "../../api/types";

class Categories {
  nodes = $state.raw<Category[]>([]);
  loaded = $state(false);
  problem = $state.raw<ProblemError | null>(null);
  #wanted = false;

  constructor() {
    live.on((event) => {
      if (this.#wanted && (event.type === "settings.updated" || event.type === "resync")) void this.load();
    });
  }

  /** Read them the first time somebody asks. */
  need(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    void this.load();
  }

  async load(): Promise<void> {
    this.#wanted = true;
    try {
      this.nodes = (await take(client.GET("/v1/categories"))).items;
      this.problem = null;
      this.loaded = true;
    } catch (reason) {
      this.problem = asProblem(reason);
    }
  }

  label(code: string): string {
    return this.nodes.find((node) => node.code === code)?.label ?? code;
  }
}

export const categories = new Categories();
