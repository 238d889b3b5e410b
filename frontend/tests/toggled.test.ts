import { describe, expect, it } from "vitest";

import { toggled } from "../src/lib/toggled";

describe("a value that is pressed", () => {
  it("comes beside those that are chosen", () => {
    expect(toggled(["draft"], "received")).toEqual(["draft", "received"]);
  });

  it("is taken out by the next press, and the others stay", () => {
    expect(toggled(["draft", "received"], "draft")).toEqual(["received"]);
  });
});
