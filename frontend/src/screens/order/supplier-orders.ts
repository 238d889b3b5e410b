/** The supplier orders that carry an article, or that an order's lines are linked to, with their lines. */
import { client, take } from "../../api/client";
import type { SupplierOrder, SupplierOrderQuery } from "../../api/types";
import { may } from "../customers/rights";

const MOST = 20;

/** The newest of them; none for who may not see supply. */
export async function supplierOrders(query: SupplierOrderQuery): Promise<SupplierOrder[]> {
  if (!may("supply:read")) return [];
  const page = await take(
    client.GET("/v1/supplier-orders", { params: { query: { ...query, sort: "-created_at", limit: MOST } } }),
  );
  return Promise.all(
    page.items.map((item) =>
      take(client.GET("/v1/supplier-orders/{supplier_order_id}", { params: { path: { supplier_order_id: item.id } } })),
    ),
  );
}
