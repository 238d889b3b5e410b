/** The supplier orders of which something is still to come. */
import { client, take } from "../../api/client";
import type { SupplierOrderSummary } from "../../api/types";

const MOST = 200;

export async function arriving(): Promise<SupplierOrderSummary[]> {
  const page = await take(
    client.GET("/v1/supplier-orders", {
      params: { query: { state: ["validated", "partly_received"], limit: MOST, sort: "-created_at" } },
    }),
  );
  return page.items;
}
