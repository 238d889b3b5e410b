import { beforeEach, describe, expect, it, vi } from "vitest";

import { pick, NOTHING } from "../src/lib/selection";
import { RecordList, type Page, type Window } from "../src/lib/list.svelte";

interface Row {
  id: string;
  word: string;
}

const SHELF: Row[] = Array.from({ length: 260 }, (_, index) => ({ id: `r${String(index)}`, word: "v1" }));

beforeEach(() => {
  vi.stubGlobal("window", {
    location: { origin: "http://comptoir.test" },
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
  });
});

function shelf(rows: () => Row[]) {
  const asked: Window<string>[] = [];
  const list = new RecordList<Row, { name: string }, string>(
    {
      page: (_, window) => {
        asked.push(window);
        const from = Number(window.cursor ?? 0);
        const to = from + window.limit;
        const page: Page<Row> = {
          items: rows().slice(from, to),
          next: to < rows().length ? `/v1/rows?limit=50&cursor=${String(to)}` : null,
        };
        return Promise.resolve(page);
      },
      count: () => Promise.resolve({ count: rows().length, capped: false }),
    },
    { name: "" },
    (filters) => (filters.name ? "created_at" : "-created_at"),
  );
  return { list, asked };
}

describe("a list", () => {
  it("reads a page and the number of records", async () => {
    const { list } = shelf(() => SHELF);
    await list.search();
    expect(list.items).toHaveLength(50);
    expect(list.count).toEqual({ count: 260, capped: false });
    expect(list.hasMore).toBe(true);
  });

  it("goes on where the next page begins", async () => {
    const { list, asked } = shelf(() => SHELF);
    await list.search();
    await list.more();
    expect(asked.at(-1)?.cursor).toBe("50");
    expect(list.items).toHaveLength(100);
    expect(list.items[99]?.id).toBe("r99");
  });

  it("keeps its natural order until a title is clicked, and turns on a second click", async () => {
    const { list } = shelf(() => SHELF);
    expect(list.effectiveSort).toBe("-created_at");
    list.filters.name = "maison";
    expect(list.effectiveSort).toBe("created_at");
    list.sortBy("created_at");
    expect(list.effectiveSort).toBe("-created_at");
    list.sortBy("number");
    expect(list.effectiveSort).toBe("number");
    await list.search();
  });

  it("refreshes as far as it had been read, and keeps the selection", async () => {
    let rows = SHELF;
    const { list, asked } = shelf(() => rows);
    await list.search();
    while (list.hasMore) await list.more();
    list.selection = pick(pick(NOTHING, list.order, "r0", { ctrl: false, shift: false }), list.order, "r3", {
      ctrl: true,
      shift: false,
    });
    rows = SHELF.slice(1).map((row) => ({ ...row, word: "v2" }));
    await list.refresh();
    expect(list.items).toHaveLength(259);
    expect(list.items[0]).toEqual({ id: "r1", word: "v2" });
    expect([...list.selection.ids]).toEqual(["r3"]);
    expect(asked.every((window) => window.limit <= 200)).toBe(true);
  });

  it("ignores an answer that comes after a newer question", async () => {
    const gates: (() => void)[] = [];
    let turn = 0;
    const list = new RecordList<Row, object, string>(
      {
        page: () => {
          const mine = String(turn++);
          return new Promise((answer) => gates.push(() => answer({ items: [{ id: mine, word: "" }], next: null })));
        },
        count: () => Promise.resolve({ count: 1, capped: false }),
      },
      {},
      () => "name",
    );
    const first = list.search();
    const second = list.search();
    gates[1]?.();
    await second;
    gates[0]?.();
    await first;
    expect(list.order).toEqual(["1"]);
  });

  it("keeps what it shows when a read fails, and says why", async () => {
    let broken = false;
    const list = new RecordList<Row, object, string>(
      {
        page: () =>
          broken ? Promise.reject(new TypeError("network")) : Promise.resolve({ items: SHELF.slice(0, 3), next: null }),
        count: () => Promise.resolve({ count: 3, capped: false }),
      },
      {},
      () => "name",
    );
    await list.search();
    broken = true;
    await list.refresh();
    expect(list.items).toHaveLength(3);
    expect(list.problem?.code).toBe("network");
  });
});
