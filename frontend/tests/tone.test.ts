import { describe, expect, it } from "vitest";

import { toneOf, type Tone } from "../src/lib/tone";

describe("the tone of a state", () => {
  const tones: Record<string, Tone> = { sent: "good" };

  it("is the one it was given", () => {
    expect(toneOf(tones, "sent")).toBe("good");
  });

  it("is quiet for one that is newer than this page", () => {
    expect(toneOf(tones, "returned")).toBe("quiet");
  });
});
