import { describe, expect, it } from "vitest";

import { days, fiscalYear, monthAfter, shortMonth, whole } from "../src/screens/statistics/months";
import { drawn, sorted, type Row } from "../src/screens/statistics/rows";

const euros = (amount: string) => ({ amount, currency: "EUR" as const });

function row(key: string | null, net: string, more: Partial<Row> = {}): Row {
  return {
    kind: key === null ? "without" : "one",
    key,
    label: key ?? "Sans",
    parent: null,
    share: "0.00",
    copies: 1,
    turnover: euros(net),
    net: euros(net),
    purchases: 1,
    commission: null,
    ...more,
  };
}

describe("a period of months", () => {
  it("goes over the end of a year, both ways", () => {
    expect(monthAfter("2026-12")).toBe("2027-01");
    expect(monthAfter("2026-01", -1)).toBe("2025-12");
    expect(monthAfter("2025-09", 11)).toBe("2026-08");
  });

  it("is asked for as days, the last left out", () => {
    expect(days({ from: "2026-11", to: "2026-12" })).toEqual({ from: "2026-11-01", to: "2027-01-01" });
  });

  it("is the fiscal year of the shop, begun in any month (B18)", () => {
    expect(fiscalYear("2026-11-22", 1, 0)).toEqual({ from: "2026-01", to: "2026-11" });
    expect(fiscalYear("2026-11-22", 1, 1)).toEqual({ from: "2025-01", to: "2025-12" });
    expect(fiscalYear("2026-11-22", 12, 0)).toEqual({ from: "2025-12", to: "2026-11" });
    expect(fiscalYear("2026-11-22", 9, 1)).toEqual({ from: "2025-09", to: "2026-08" });
  });

  it("cannot be asked for half typed or the wrong way round", () => {
    expect(whole({ from: "2026-01", to: "2026-01" })).toBe(true);
    expect(whole({ from: "2026-02", to: "2026-01" })).toBe(false);
    expect(whole({ from: "", to: "2026-01" })).toBe(false);
  });

  it("is written as people write it", () => {
    expect(shortMonth("2026-09", "fr")).toBe("sept. 2026");
    expect(shortMonth("2026-03", "en")).toBe("Mar 2026");
  });
});

describe("rows", () => {
  const rows = [
    row("A", "10.00"),
    row("B", "200.00"),
    row("b", "3.00", { parent: "B" }),
    row("a", "9.00"),
    row(null, "99.00"),
  ];
  const keys = (sort: string): (string | null)[] => sorted(rows, sort, "fr").map((each) => each.key);

  it("stay as they came until somebody sorts them", () => {
    expect(keys("")).toEqual(["A", "B", "b", "a", null]);
  });

  it("are sorted by number, parts under their row, what stands for nothing last", () => {
    expect(keys("-net")).toEqual(["B", "b", "A", "a", null]);
    expect(keys("net")).toEqual(["a", "A", "B", "b", null]);
  });

  it("are drawn from nil, down where more came back than was sold", () => {
    const made = drawn([row("A", "60.00"), row("B", "-60.00")], "net", [100, 0], [0, 200], 5);
    expect(made.nil).toBe(50);
    expect(made.bars.map((bar) => [bar.start, bar.length])).toEqual([
      [0, 50],
      [50, 50],
    ]);
    expect(made.bars[1]?.place).toBeGreaterThan(made.bars[0]?.place ?? 0);
  });

  it("of nothing are drawn without a length", () => {
    const made = drawn([row("A", "0.00")], "net", [100, 0], [0, 200], 5);
    expect(made.bars[0]?.length).toBe(0);
    expect(Number.isFinite(made.nil)).toBe(true);
  });
});
