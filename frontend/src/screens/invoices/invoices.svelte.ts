/** The invoices of other programs, kept while one looks elsewhere. */
import { client, take } from "../../api/client";
import type { Invoice, InvoiceSort } from "../../api/types";
import { RecordList, type Window } from "../../lib/list.svelte";
import { invoiceQuery, noFilters, type InvoiceFilters } from "./criteria";

export const invoices = new RecordList<Invoice, InvoiceFilters, InvoiceSort>(
  {
    page: (filters: InvoiceFilters, window: Window<InvoiceSort>) =>
      take(client.GET("/v1/invoices", { params: { query: { ...invoiceQuery(filters), ...window } } })),
    count: (filters: InvoiceFilters) =>
      take(client.GET("/v1/invoices/count", { params: { query: invoiceQuery(filters) } })),
  },
  noFilters(),
  () => "due_on",
);
