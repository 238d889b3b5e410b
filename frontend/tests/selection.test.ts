import { describe, expect, it } from "vitest";

import { all, keep, move, NOTHING, pick, type Selection } from "../src/lib/selection";

const order = Array.from({ length: 25 }, (_, index) => `r${String(index)}`);
const none = { ctrl: false, shift: false };
const ctrl = { ctrl: true, shift: false };
const shift = { ctrl: false, shift: true };
const ids = (selection: Selection) => [...selection.ids].sort((a, b) => order.indexOf(a) - order.indexOf(b));

describe("a click", () => {
  it("selects one row and drops the others", () => {
    const two = pick(pick(NOTHING, order, "r1", none), order, "r4", none);
    expect(ids(two)).toEqual(["r4"]);
  });

  it("with Ctrl adds, and takes away", () => {
    const two = pick(pick(NOTHING, order, "r1", none), order, "r4", ctrl);
    expect(ids(two)).toEqual(["r1", "r4"]);
    expect(ids(pick(two, order, "r1", ctrl))).toEqual(["r4"]);
  });

  it("with Shift selects from the first to this one, both ways", () => {
    const first = pick(NOTHING, order, "r3", none);
    expect(ids(pick(first, order, "r5", shift))).toEqual(["r3", "r4", "r5"]);
    expect(ids(pick(first, order, "r1", shift))).toEqual(["r1", "r2", "r3"]);
  });

  it("with Shift again keeps the first end of the range", () => {
    const range = pick(pick(NOTHING, order, "r3", none), order, "r9", shift);
    expect(ids(pick(range, order, "r4", shift))).toEqual(["r3", "r4"]);
  });

  it("with Ctrl and Shift adds a range", () => {
    const start = pick(pick(NOTHING, order, "r0", none), order, "r5", ctrl);
    expect(ids(pick(start, order, "r6", { ctrl: true, shift: true }))).toEqual(["r0", "r5", "r6"]);
  });
});

describe("the keyboard", () => {
  it("starts at the top going down, at the foot going up", () => {
    expect(move(NOTHING, order, "down", none).cursor).toBe("r0");
    expect(move(NOTHING, order, "up", none).cursor).toBe("r24");
  });

  it("stops at both ends", () => {
    const top = pick(NOTHING, order, "r0", none);
    expect(move(top, order, "up", none).cursor).toBe("r0");
    expect(move(pick(NOTHING, order, "r24", none), order, "pageDown", none).cursor).toBe("r24");
  });

  it("goes home, to the end, and by pages", () => {
    const middle = pick(NOTHING, order, "r12", none);
    expect(move(middle, order, "home", none).cursor).toBe("r0");
    expect(move(middle, order, "end", none).cursor).toBe("r24");
    expect(move(middle, order, "pageUp", none).cursor).toBe("r2");
    expect(move(middle, order, "pageDown", none).cursor).toBe("r22");
  });

  it("extends with Shift", () => {
    const two = move(pick(NOTHING, order, "r3", none), order, "down", shift);
    expect(ids(move(two, order, "down", shift))).toEqual(["r3", "r4", "r5"]);
    expect(ids(move(pick(NOTHING, order, "r3", none), order, "home", shift))).toEqual(["r0", "r1", "r2", "r3"]);
  });

  it("walks without selecting with Ctrl", () => {
    const walked = move(pick(NOTHING, order, "r3", none), order, "down", ctrl);
    expect(ids(walked)).toEqual(["r3"]);
    expect(walked.cursor).toBe("r4");
  });

  it("does nothing in an empty list", () => {
    expect(move(NOTHING, [], "down", none)).toBe(NOTHING);
  });

  it("takes everything with Ctrl+A", () => {
    expect(all(NOTHING, order).ids.size).toBe(25);
  });
});

describe("a refresh", () => {
  it("keeps what is still there and forgets what is gone", () => {
    const two = pick(pick(NOTHING, order, "r1", none), order, "r4", ctrl);
    const after = keep(two, ["r0", "r1", "r2"]);
    expect(ids(after)).toEqual(["r1"]);
    expect(after.cursor).toBeNull();
  });
});
