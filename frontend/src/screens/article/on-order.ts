/** What distributors still owe of an article: supplier orders that bring copies of it. Pure. */
import type { SupplierOrder } from "../../api/types";

export interface Coming {
  id: string;
  number: number;
  supplier: string;
  state: string;
  at: string;
  outstanding: number;
  /** copies of those that no customer waits for */
  forShelf: number;
}

export function onOrder(orders: readonly SupplierOrder[], ean: string): Coming[] {
  return orders
    .map((order) => {
      const lines = order.lines.filter((line) => line.ean === ean);
      const outstanding = lines.reduce((sum, line) => sum + line.outstanding, 0);
      const linked = lines.reduce((sum, line) => sum + line.links.reduce((open, link) => open + link.open, 0), 0);
      return {
        id: order.id,
        number: order.number,
        supplier: order.supplier_name,
        state: order.state,
        at: order.validated_at ?? order.created_at,
        outstanding,
        forShelf: Math.max(0, outstanding - linked),
      };
    })
    .filter((each) => each.outstanding > 0);
}
