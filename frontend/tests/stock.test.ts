import { describe, expect, it } from "vitest";

import type { Article, StockCount } from "../src/api/types";
import { bodyOf, lacksReason, NOTHING_COUNTED, scanned } from "../src/screens/stock/counted";
import { dayAfter, usual, whole } from "../src/screens/stock/period";

const RUE = { ean: "9791094908020", title: "DANS LA RUE", available: 3 } as Article;
const CHUT = { ean: "9782364744103", title: "CHUT", available: 0 } as Article;

describe("a period", () => {
  it("ends before the next day", () => {
    expect(dayAfter("2026-02-28")).toBe("2026-03-01");
    expect(dayAfter("2026-12-31")).toBe("2027-01-01");
    expect(dayAfter("2026-03-29")).toBe("2026-03-30");
  });

  it("is a month, the month before, or the year so far", () => {
    expect(usual("month", "2026-03-15")).toEqual({ from: "2026-03-01", to: "2026-03-15" });
    expect(usual("last", "2026-03-15")).toEqual({ from: "2026-02-01", to: "2026-02-28" });
    expect(usual("last", "2026-01-02")).toEqual({ from: "2025-12-01", to: "2025-12-31" });
    expect(usual("year", "2026-03-15")).toEqual({ from: "2026-01-01", to: "2026-03-15" });
  });

  it("is asked for when both days are there and in order", () => {
    expect(whole({ from: "2026-03-01", to: "2026-03-01" })).toBe(true);
    expect(whole({ from: "2026-03-02", to: "2026-03-01" })).toBe(false);
    expect(whole({ from: "", to: "2026-03-01" })).toBe(false);
  });
});

describe("a shelf being counted", () => {
  it("counts a copy more at each scan and shows the newest first", () => {
    const lines = [RUE, CHUT, RUE].reduce((so_far, each) => scanned(so_far, each), NOTHING_COUNTED.lines);
    expect(lines.map((line) => [line.ean, line.counted, line.believed])).toEqual([
      [RUE.ean, 2, 3],
      [CHUT.ean, 1, 0],
    ]);
  });

  it("is verified dry, and corrected only where the stock is still what was verified", () => {
    const counting = { ...NOTHING_COUNTED, lines: scanned([], RUE), reason: " rayon B " };
    expect(bodyOf(counting, null)).toEqual({
      lines: [{ ean: RUE.ean, counted: 1 }],
      cause: "count_error",
      reason: "rayon B",
      dry_run: true,
    });
    const proposal = { lines: [{ ean: RUE.ean, available: 4 }] } as StockCount;
    expect(bodyOf(counting, proposal)).toEqual({
      lines: [{ ean: RUE.ean, counted: 1, available: 4 }],
      cause: "count_error",
      reason: "rayon B",
    });
  });

  it("says why when nothing else does", () => {
    expect(lacksReason({ ...NOTHING_COUNTED, cause: "other", reason: " " })).toBe(true);
    expect(lacksReason({ ...NOTHING_COUNTED, cause: "other", reason: "don" })).toBe(false);
    expect(lacksReason(NOTHING_COUNTED)).toBe(false);
  });
});
