import { describe, expect, it } from "vitest";

import { KeptScans, type KeptScan } from "../src/screens/scan/kept";

class Shelf implements Storage {
  readonly #items = new Map<string, string>();
  [name: string]: unknown;

  get length(): number {
    return this.#items.size;
  }

  clear(): void {
    this.#items.clear();
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }
}

function scan(key: string, at: number, dossier = "A"): KeptScan {
  return { key, ean: "9782871427827", at: new Date(at).toISOString(), dossier };
}

describe("scans without an answer", () => {
  it("are there after a reload, in the order they were made, each with its key", () => {
    const shelf = new Shelf();
    const before = new KeptScans(() => shelf);
    for (const one of [scan("k2", 2000), scan("k1", 1000), scan("k3", 3000)]) before.keep(one);
    expect(new KeptScans(() => shelf).of("A").map((one) => one.key)).toEqual(["k1", "k2", "k3"]);
  });

  it("of one tab are not written over by another", () => {
    const shelf = new Shelf();
    const [here, there] = [new KeptScans(() => shelf), new KeptScans(() => shelf)];
    here.keep(scan("mine", 1));
    there.keep(scan("theirs", 2));
    here.settle("mine");
    expect(there.of("A").map((one) => one.key)).toEqual(["theirs"]);
  });

  it("are settled by one tab only: the other prints no second slip", () => {
    const shelf = new Shelf();
    const [here, there] = [new KeptScans(() => shelf), new KeptScans(() => shelf)];
    here.keep(scan("k", 1));
    expect([here.settle("k"), there.settle("k")]).toEqual([true, false]);
  });

  it("are never another shop's", () => {
    const shelf = new Shelf();
    const kept = new KeptScans(() => shelf);
    kept.keep(scan("a", 1, "A"));
    kept.keep(scan("b", 2, "B"));
    expect(kept.of("B").map((one) => one.key)).toEqual(["b"]);
  });

  it("are told from what else the storage holds", () => {
    const shelf = new Shelf();
    shelf.setItem("comptoir.lang", "fr");
    shelf.setItem("comptoir.scan.x", "{not json");
    shelf.setItem("comptoir.scan.y", JSON.stringify({ key: "y" }));
    expect(new KeptScans(() => shelf).of("A")).toEqual([]);
  });

  it("live as long as the page where nothing may be stored", () => {
    const kept = new KeptScans(() => {
      throw new Error("forbidden");
    });
    kept.keep(scan("k", 1));
    expect(kept.of("A")).toEqual([]);
    expect(kept.settle("k")).toBe(true);
  });
});
