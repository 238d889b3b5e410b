/** What a selection of reservations asks of the server. Pure. */
import { shopDay } from "../../lib/format";
import type { Reservation } from "../../api/types";

interface Taken {
  reservation_ids: string[];
  parts: { reservation_id: string; quantity: number }[];
}

/** Who takes how many: none of a reservation leaves it alone, fewer than all of it is a part. */
export function taken(rows: readonly Reservation[], quantities: Readonly<Record<string, number>>): Taken {
  const some = rows.filter((row) => (quantities[row.id] ?? row.quantity) > 0);
  return {
    reservation_ids: some.map((row) => row.id),
    parts: some
      .map((row) => ({ reservation_id: row.id, quantity: quantities[row.id] ?? row.quantity }))
      .filter((part) => rows.some((row) => row.id === part.reservation_id && part.quantity < row.quantity)),
  };
}

/** Days of the calendar since the copy was set aside, as one counts them from the dates on the screen. */
export function daysAside(set_aside_at: string, now = new Date()): number {
  const days = (Date.parse(shopDay(0, now)) - Date.parse(shopDay(0, new Date(set_aside_at)))) / 86_400_000;
  return Math.max(0, Math.round(days));
}

/** Those of one person together, in the order of the list. */
export function byPerson<Row extends { customer_id: string | null; customer_name: string }>(
  rows: readonly Row[],
): { key: string; rows: [Row, ...Row[]] }[] {
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const key = row.customer_id ?? `= ${row.customer_name}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups].map(([key, of]) => ({ key, rows: of }));
}

/** Who hears nothing, once for each reason: several copies of one person are one person. */
export function silent<One extends { customer_id: string | null; name: string; reason: string }>(
  withheld: readonly One[],
): One[] {
  const seen = new Map(withheld.map((one) => [`${one.customer_id ?? `= ${one.name}`} ${one.reason}`, one]));
  return [...seen.values()];
}
