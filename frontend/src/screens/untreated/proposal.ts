/** What is about to be asked of suppliers: the chosen lines by supplier, with a quantity for each. Pure. */
import type { UntreatedLine } from "../../api/types";

export interface Wanted {
  line: UntreatedLine;
  quantity: number;
}

export interface Group {
  /** null: the articles of this group have no supplier of their own */
  supplierId: string | null;
  name: string;
  wanted: Wanted[];
}

export function wantedOf(lines: readonly UntreatedLine[]): Wanted[] {
  return lines.map((line) => ({ line, quantity: line.unsupplied }));
}

/** By supplier, in the order of their names; those without one first, since something must be chosen for them. */
export function grouped(wanted: readonly Wanted[]): Group[] {
  const groups = new Map<string | null, Group>();
  for (const each of wanted) {
    const key = each.line.supplier_id;
    const group = groups.get(key) ?? { supplierId: key, name: each.line.supplier_name ?? "", wanted: [] };
    group.wanted.push(each);
    groups.set(key, group);
  }
  return [...groups.values()].sort(
    (a, b) => Number(b.supplierId === null) - Number(a.supplierId === null) || a.name.localeCompare(b.name, "fr"),
  );
}

export function copies(wanted: readonly Wanted[]): number {
  return wanted.reduce((count, each) => count + each.quantity, 0);
}

export interface Asking {
  lines: { line_id: string; quantity: number }[];
  supplier_id: string | null;
  new: boolean;
}

/**
 * What is sent: one asking for the lines whose articles know their supplier, one for those for which a supplier was chosen. An
 * asking with `supplier_id` null leaves each article its own. The second joins the order that the first has just made with the
 * same supplier, also where new ones were wanted.
 */
export function askings(wanted: readonly Wanted[], chosen: string | null, fresh: boolean): Asking[] {
  const own = wanted.filter((each) => each.line.supplier_id !== null);
  const others = wanted.filter((each) => each.line.supplier_id === null);
  const asking = (lines: readonly Wanted[], supplier_id: string | null, apart: boolean): Asking => ({
    lines: lines.map(({ line, quantity }) => ({ line_id: line.line_id, quantity })),
    supplier_id,
    new: apart,
  });
  const joins = own.some((each) => each.line.supplier_id === chosen);
  return [
    ...(own.length ? [asking(own, null, fresh)] : []),
    ...(others.length && chosen !== null ? [asking(others, chosen, fresh && !joins)] : []),
  ];
}
