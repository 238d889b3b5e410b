/** A period of purchases and an article, as it is asked for. Pure. */
import type { PurchaseQuery } from "../../api/types";
import { code, shopDay } from "../../lib/format";

export const LAST_YEAR = 12;

export interface PurchaseFilters {
  from: string;
  to: string;
  ean: string;
}

/** The day so many months before today; the last of the month where there is no such day. */
export function monthsAgo(months: number, today = shopDay()): string {
  const [year = 0, month = 1, day = 1] = today.split("-").map(Number);
  const first = new Date(Date.UTC(year, month - 1 - months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, last));
  return first.toISOString().slice(0, 10);
}

export function purchaseQuery(filters: PurchaseFilters): PurchaseQuery {
  const query: PurchaseQuery = {};
  if (filters.from) query.from = filters.from;
  if (filters.to) query.to = filters.to;
  if (filters.ean.trim()) query.ean = code(filters.ean);
  return query;
}
