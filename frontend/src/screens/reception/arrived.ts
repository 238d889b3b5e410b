/** What came in, as it is counted and as it is sent. Pure. */
import type { Money, Reception, SupplierOrder } from "../../api/types";

export interface Arrived {
  ean: string;
  quantity: number;
}

/** An article that was scanned, as the list of scanned articles has it. */
export interface Scanned extends Arrived {
  title: string;
  author: string | null;
  price: Money;
}

/** A reception being counted: the copies of each line of a supplier order by EAN, and whatever else is in the parcel. */
export interface Counted {
  reference: string;
  counts: Readonly<Record<string, number>>;
  lines: Scanned[];
}

export const NOTHING_COUNTED: Counted = { reference: "", counts: {}, lines: [] };

/** What is still awaited has arrived. */
export function everything(order: SupplierOrder): Record<string, number> {
  return Object.fromEntries(
    order.lines.filter((line) => line.outstanding > 0).map((line) => [line.ean, line.outstanding]),
  );
}

/** Scanned copies of an article that the order asks for are counted on its line; the others stand on their own. */
export function sorted(counted: Counted, lines: readonly Scanned[], order: SupplierOrder | null): Counted {
  const asked = new Set(order?.lines.map((line) => line.ean) ?? []);
  const counts = { ...counted.counts };
  const others: Scanned[] = [];
  for (const line of lines) {
    if (asked.has(line.ean)) counts[line.ean] = (counts[line.ean] ?? 0) + line.quantity;
    else others.push(line);
  }
  return { ...counted, counts, lines: others };
}

export function arrivedOf(counted: Counted): Arrived[] {
  return [
    ...Object.entries(counted.counts).map(([ean, quantity]) => ({ ean, quantity })),
    ...counted.lines.map(({ ean, quantity }) => ({ ean, quantity })),
  ].filter((line) => line.quantity > 0);
}

export function copiesOf(arrived: readonly Arrived[]): number {
  return arrived.reduce((count, line) => count + line.quantity, 0);
}

/** The three things a bookseller asks of a parcel. */
export interface Summary {
  aside: number;
  shelf: number;
  unexpected: number;
}

export function summary(reception: Reception): Summary {
  return reception.lines.reduce(
    (so_far, line) => ({
      aside: so_far.aside + line.set_aside,
      shelf: so_far.shelf + line.to_stock,
      unexpected: so_far.unexpected + line.unexpected,
    }),
    { aside: 0, shelf: 0, unexpected: 0 },
  );
}
