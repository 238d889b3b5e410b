/** The customer file: its search and its list, kept while one looks elsewhere. */
import { client, take } from "../../api/client";
import type { Customer, CustomerSort } from "../../api/types";
import { RecordList, type Window } from "../../lib/list.svelte";
import { customerQuery, noFilters, type CustomerFilters } from "./criteria";

export const customers = new RecordList<Customer, CustomerFilters, CustomerSort>(
  {
    page: (filters: CustomerFilters, window: Window<CustomerSort>) =>
      take(client.GET("/v1/customers", { params: { query: { ...customerQuery(filters), ...window } } })),
    count: (filters: CustomerFilters) =>
      take(client.GET("/v1/customers/count", { params: { query: customerQuery(filters) } })),
  },
  noFilters(),
  () => "name",
);
