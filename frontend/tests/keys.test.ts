import { afterEach, describe, expect, it, vi } from "vitest";

import { leaveKey } from "../src/lib/keys";

/** How often one key leaves the record, with a dialog over it or none. */
function left(key: Partial<KeyboardEvent>, dialog: object | null = null): number {
  vi.stubGlobal("document", { querySelector: () => dialog });
  const leave = vi.fn();
  leaveKey({ key: "Escape", defaultPrevented: false, ...key } as KeyboardEvent, leave);
  return leave.mock.calls.length;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the key that leaves a record", () => {
  it("is Escape, and no other", () => {
    expect(left({})).toBe(1);
    expect(left({ key: "Enter" })).toBe(0);
  });

  it("is not for the record while a dialog stands over it, nor where something in it took the key", () => {
    expect(left({}, {})).toBe(0);
    expect(left({ defaultPrevented: true })).toBe(0);
  });
});
