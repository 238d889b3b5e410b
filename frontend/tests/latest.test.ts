import { describe, expect, it } from "vitest";

import { Latest } from "../src/lib/latest";

describe("answers that overtake each other", () => {
  it("are news as long as nothing that was asked later is there", () => {
    const latest = new Latest();
    const [first, second] = [latest.ask(), latest.ask()];
    expect(first()).toBe(true);
    expect(second()).toBe(true);
  });

  it("are no news once something that was asked later is there", () => {
    const latest = new Latest();
    const [first, second, third] = [latest.ask(), latest.ask(), latest.ask()];
    expect(second()).toBe(true);
    expect(first()).toBe(false);
    expect(third()).toBe(true);
    expect(second()).toBe(false);
  });
});
