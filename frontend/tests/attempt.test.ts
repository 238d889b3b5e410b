import { beforeEach, describe, expect, it, vi } from "vitest";

import { problemFrom } from "../src/api/problem";

const storage = new Map<string, string>();

beforeEach(() => {
  storage.clear();
  vi.stubGlobal("window", { location: { origin: "http://comptoir.test" } });
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => storage.set(key, value),
    removeItem: (key: string) => storage.delete(key),
  });
});

const lost = problemFrom(503, { code: "try-again" });
const refused = problemFrom(409, { code: "out-of-stock" });

async function attempt(name?: string) {
  const { Attempt } = await import("../src/api/attempt");
  return name ? new Attempt(name) : new Attempt();
}

describe("the key of an attempt", () => {
  it("stays when the answer was lost and the same thing is sent again", async () => {
    const mine = await attempt();
    const first = mine.header({ quantity: 1 });
    mine.heard(lost);
    expect(mine.header({ quantity: 1 })).toEqual(first);
  });

  it("changes with the body, after a refusal, and after success", async () => {
    const mine = await attempt();
    const first = mine.header({ quantity: 1 })["idempotency-key"];
    const second = mine.header({ quantity: 2 })["idempotency-key"];
    mine.heard(refused);
    const third = mine.header({ quantity: 2 })["idempotency-key"];
    mine.heard(null);
    const fourth = mine.header({ quantity: 2 })["idempotency-key"];
    expect(new Set([first, second, third, fourth]).size).toBe(4);
  });

  it("outlives a reload when it has a name", async () => {
    const before = (await attempt("new-order")).header({ lines: [] });
    expect((await attempt("new-order")).header({ lines: [] })).toEqual(before);
  });
});
