/** The supplier orders and what they are searched by, kept while one looks elsewhere. */
import { client, take } from "../../api/client";
import type { SupplierOrderQuery, SupplierOrderSort, SupplierOrderState, SupplierOrderSummary } from "../../api/types";
import { code, dayStart } from "../../lib/format";
import { RecordList, type Window } from "../../lib/list.svelte";
import type { Supplier } from "./supplier";

export const STATES: SupplierOrderState[] = ["draft", "validated", "partly_received", "received", "cancelled"];

export interface SupplierOrderFilters {
  number: string;
  supplier: Supplier | null;
  state: SupplierOrderState[];
  ean: string;
  from: string;
  to: string;
  late: boolean;
}

export function noFilters(): SupplierOrderFilters {
  return { number: "", supplier: null, state: [], ean: "", from: "", to: "", late: false };
}

export function supplierOrderQuery(filters: SupplierOrderFilters): SupplierOrderQuery {
  const query: SupplierOrderQuery = {};
  const number = filters.number.replace(/\D/g, "");
  if (number) query.number = Number(number);
  if (filters.supplier) query.supplier_id = filters.supplier.id;
  if (filters.state.length) query.state = filters.state;
  if (/^\d{13}$/.test(code(filters.ean))) query.ean = code(filters.ean);
  if (filters.from) query.created_from = dayStart(filters.from);
  if (filters.to) query.created_to = dayStart(filters.to, 1);
  if (filters.late) query.late = true;
  return query;
}

export const supplierOrders = new RecordList<SupplierOrderSummary, SupplierOrderFilters, SupplierOrderSort>(
  {
    page: (filters: SupplierOrderFilters, window: Window<SupplierOrderSort>) =>
      take(client.GET("/v1/supplier-orders", { params: { query: { ...supplierOrderQuery(filters), ...window } } })),
    count: (filters: SupplierOrderFilters) =>
      take(client.GET("/v1/supplier-orders/count", { params: { query: supplierOrderQuery(filters) } })),
  },
  noFilters(),
  () => "-created_at",
);
