/** The order search: its criteria and its list live here, so that they are still there on the way back. */
import { client, take } from "../../api/client";
import type { OrderQuery, OrderSort, OrderStatus, OrderSummary } from "../../api/types";
import { dayStart } from "../../lib/format";
import { RecordList, type Window } from "../../lib/list.svelte";

export interface OrderFilters {
  name: string;
  number: string;
  reference: string;
  status: OrderStatus[];
  from: string;
  to: string;
  deposit: boolean;
  vatExempt: boolean;
  digital: boolean;
  /** A3: a customer of the file, or a name that is not in it; "" for both */
  inFile: "" | "yes" | "no";
}

export const STATUSES: OrderStatus[] = ["CO", "LP", "LT", "AN", "BL"];

export function noFilters(): OrderFilters {
  return {
    name: "",
    number: "",
    reference: "",
    status: [],
    from: "",
    to: "",
    deposit: false,
    vatExempt: false,
    digital: false,
    inFile: "",
  };
}

export function orderQuery(filters: OrderFilters): OrderQuery {
  const query: OrderQuery = {};
  const number = filters.number.replace(/\D/g, "");
  if (filters.name.trim()) query.name = filters.name.trim();
  if (number) query.number = Number(number);
  if (filters.reference.trim()) query.customer_reference = filters.reference.trim();
  if (filters.status.length) query.status = filters.status;
  if (filters.from) query.created_from = dayStart(filters.from);
  if (filters.to) query.created_to = dayStart(filters.to, 1);
  if (filters.deposit) query.deposit = true;
  if (filters.vatExempt) query.vat_exempt = true;
  if (filters.digital) query.digital = true;
  if (filters.inFile) query.in_file = filters.inFile === "yes";
  return query;
}

function searching(filters: OrderFilters): boolean {
  return Object.keys(orderQuery(filters)).length > 0;
}

export const orders = new RecordList<OrderSummary, OrderFilters, OrderSort>(
  {
    page: (filters: OrderFilters, window: Window<OrderSort>) =>
      take(client.GET("/v1/orders", { params: { query: { ...orderQuery(filters), ...window } } })),
    count: (filters: OrderFilters) => take(client.GET("/v1/orders/count", { params: { query: orderQuery(filters) } })),
  },
  noFilters(),
  // A search answers in the order of creation, as it always did; without one, what has just come in is on top.
  (filters) => (searching(filters) ? "created_at" : "-created_at"),
);
