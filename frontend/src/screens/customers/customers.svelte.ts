/** The customer file: its search and its list, kept while one looks elsewhere. */
import { client, take } from "../../api/client";
import type { Customer, CustomerQuery, CustomerSort } from "../../api/types";
import { RecordList, type Window } from "../../lib/list.svelte";

export interface CustomerFilters {
  q: string;
}

function query(filters: CustomerFilters): CustomerQuery {
  return filters.q.trim() ? { q: filters.q.trim() } : {};
}

export const customers = new RecordList<Customer, CustomerFilters, CustomerSort>(
  {
    page: (filters: CustomerFilters, window: Window<CustomerSort>) =>
      take(client.GET("/v1/customers", { params: { query: { ...query(filters), ...window } } })),
    count: (filters: CustomerFilters) => take(client.GET("/v1/customers/count", { params: { query: query(filters) } })),
  },
  { q: "" },
  () => "name",
);
