/** A shelf being counted, as it is typed and as it is sent. Pure. */
import type { Article, CountCause, StockCount, StockCountCreate } from "../../api/types";

export interface Line {
  ean: string;
  title: string;
  counted: number;
  /** what the shop believed when the article was scanned */
  believed: number;
}

export interface Counting {
  lines: Line[];
  cause: CountCause;
  reason: string;
}

export const CAUSES: readonly CountCause[] = ["count_error", "theft", "damaged", "found", "other"];
export const NOTHING_COUNTED: Counting = { lines: [], cause: "count_error", reason: "" };

/** The newest is on top; the same book scanned again is one copy more. */
export function scanned(lines: readonly Line[], article: Article): Line[] {
  const known = lines.find((line) => line.ean === article.ean);
  const line = known
    ? { ...known, counted: known.counted + 1 }
    : { ean: article.ean, title: article.title, counted: 1, believed: article.available };
  return [line, ...lines.filter((each) => each !== known)];
}

export function lacksReason(counting: Counting): boolean {
  return counting.cause === "other" && !counting.reason.trim();
}

/** `proposal`: what a dry run answered; the stock it saw must then still be there. */
export function bodyOf(counting: Counting, proposal: StockCount | null): StockCountCreate {
  const seen = new Map(proposal?.lines.map((line) => [line.ean, line.available]));
  return {
    lines: counting.lines.map(({ ean, counted }) => {
      const available = seen.get(ean);
      return available === undefined ? { ean, counted } : { ean, counted, available };
    }),
    cause: counting.cause,
    ...(counting.reason.trim() ? { reason: counting.reason.trim() } : {}),
    ...(proposal ? {} : { dry_run: true }),
  };
}
