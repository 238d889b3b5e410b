import { describe, expect, it } from "vitest";

import { WedgeDetector } from "../src/lib/wedge";

function type(keys: string[], gap: number, detector = new WedgeDetector(), from = 1000): (string | null)[] {
  return keys.map((key, index) => detector.feed(key, from + index * gap));
}

const EAN = "9782211217088";

describe("the scanner wedge", () => {
  it("hears a code typed faster than any hand, ended by Enter", () => {
    expect(type([...EAN, "Enter"], 8).at(-1)).toBe(EAN);
  });

  it("says nothing before the Enter", () => {
    expect(type([...EAN], 8).every((heard) => heard === null)).toBe(true);
  });

  it("leaves a hand alone", () => {
    expect(type([...EAN, "Enter"], 150).at(-1)).toBeNull();
  });

  it("leaves a short number alone", () => {
    expect(type([..."1234567", "Enter"], 8).at(-1)).toBeNull();
  });

  it("forgets what letters interrupt", () => {
    expect(type([..."97822a1121", "Enter"], 8).at(-1)).toBeNull();
  });

  it("lets Shift pass: French layouts need it for digits", () => {
    expect(type([...EAN].flatMap((digit) => ["Shift", digit]).concat("Enter"), 8).at(-1)).toBe(EAN);
  });

  it("starts anew for the next scan", () => {
    const detector = new WedgeDetector();
    type([...EAN, "Enter"], 8, detector);
    expect(type([..."9782871427827", "Enter"], 8, detector, 5000).at(-1)).toBe("9782871427827");
  });

  it("does not add a slow digit to a scan that follows", () => {
    const detector = new WedgeDetector();
    detector.feed("5", 1000);
    expect(type([...EAN, "Enter"], 8, detector, 2000).at(-1)).toBe(EAN);
  });

  it("hands a scan under way to the field that appears", () => {
    const detector = new WedgeDetector();
    type([..."978"], 8, detector);
    expect(detector.take(1050)).toBe("978");
    expect(detector.take(1050)).toBe("");
    detector.feed("5", 2000);
    expect(detector.take(9000)).toBe("");
  });
});
