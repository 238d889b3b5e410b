/** Which lines are asked of whom: one request for all that have a supplier of their own, one for each supplier chosen. Pure. */
interface Asked {
  id: string;
  ean: string;
}

export interface Batch {
  /** null: each article's own */
  supplier_id: string | null;
  line_ids: string[];
}

export function batches(
  lines: readonly Asked[],
  own: Readonly<Record<string, string | null>>,
  chosen: Readonly<Record<string, string>>,
): Batch[] {
  const by = new Map<string | null, string[]>();
  for (const line of lines) {
    const hand = chosen[line.id] ?? "";
    const supplier = hand && hand !== own[line.ean] ? hand : null;
    by.set(supplier, [...(by.get(supplier) ?? []), line.id]);
  }
  return [...by].map(([supplier_id, line_ids]) => ({ supplier_id, line_ids }));
}
