/** What the statistics answer, put in another order, and as lengths to draw. Pure. */
import { scaleBand, scaleLinear } from "d3-scale";

import type { Statistics } from "../../api/types";

export type Row = Statistics["items"][number];
export const MEASURES = ["net", "turnover", "copies"] as const;
export type Measure = (typeof MEASURES)[number];
export type Sort = "label" | "copies" | "turnover" | "net" | "share" | "purchases" | "commission";

/** For drawing and for comparing only: what is shown of money stays the text it came as. */
export function size(row: Row, by: Exclude<Sort, "label">): number {
  if (by === "copies" || by === "purchases") return row[by];
  return Number(by === "share" ? row.share : (row[by]?.amount ?? 0));
}

/** Rows in the order asked for ("-net"); none keeps the server's. Parts stay under their row, what stands for nothing last. */
export function sorted(rows: readonly Row[], sort: string, lang: string): Row[] {
  if (!sort) return [...rows];
  const down = sort.startsWith("-") ? -1 : 1;
  const by = sort.replace("-", "") as Sort;
  const compare = (left: Row, right: Row): number =>
    by === "label"
      ? left.label.localeCompare(right.label, lang, { numeric: true }) * down
      : (size(left, by) - size(right, by)) * down;
  const place = (kind: string): number => (kind === "one" ? 0 : 1);
  const tops = rows.filter((row) => row.parent === null);
  tops.sort((left, right) => place(left.kind) - place(right.kind) || compare(left, right));
  const parts = (top: Row): Row[] =>
    top.key === null ? [] : rows.filter((row) => row.parent === top.key).sort(compare);
  return tops.flatMap((top) => [top, ...parts(top)]);
}

export interface Bar {
  row: Row;
  /** where it begins and how long it is, along the axis of the values */
  start: number;
  length: number;
  /** where it begins across */
  place: number;
}

export interface Drawn {
  bars: Bar[];
  thick: number;
  /** where nothing is */
  nil: number;
  ticks: { value: number; at: number }[];
}

/** Bars for rows between `low` and `high` along the values (upwards: low > high), across `across`. */
export function drawn(
  rows: readonly Row[],
  by: Measure,
  along: readonly [low: number, high: number],
  across: readonly [number, number],
  ticks: number,
): Drawn {
  const values = rows.map((row) => size(row, by));
  const value = scaleLinear([Math.min(0, ...values), Math.max(0, ...values, values.some(Boolean) ? 0 : 1)], along).nice(
    ticks,
  );
  const band = scaleBand(
    rows.map((_, index) => index),
    across,
  ).padding(0.25);
  const nil = value(0);
  return {
    bars: rows.map((row, index) => {
      const end = value(values[index] ?? 0);
      return { row, start: Math.min(nil, end), length: Math.abs(end - nil), place: band(index) ?? 0 };
    }),
    thick: band.bandwidth(),
    nil,
    ticks: value.ticks(ticks).map((each) => ({ value: each, at: value(each) })),
  };
}
