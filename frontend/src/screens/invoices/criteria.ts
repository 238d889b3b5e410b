/** What the unpaid invoices can be asked, and how that goes to the server. Pure. */
import type { InvoiceQuery, InvoiceState } from "../../api/types";

export const STATES = ["awaited", "promised", "disputed", "bill", "doubtful"] as const satisfies InvoiceState[];

export interface InvoiceFilters {
  number: string;
  /** the customer it was made for */
  customer: string;
  /** who is reminded of it: his payment party where he has one */
  payer: string;
  state: InvoiceState[];
  dueFrom: string;
  dueTo: string;
  overdue: boolean;
  /** those that are paid too */
  settled: boolean;
}

export function noFilters(): InvoiceFilters {
  return { number: "", customer: "", payer: "", state: [], dueFrom: "", dueTo: "", overdue: false, settled: false };
}

/** What can be the number of an invoice, or its beginning; anything else finds none, so it is not asked for. */
export function isNumber(typed: string): boolean {
  return /^[A-Za-z0-9._~:@-]{1,60}$/.test(typed.trim());
}

export function invoiceQuery(filters: InvoiceFilters): InvoiceQuery {
  const query: InvoiceQuery = {};
  if (isNumber(filters.number)) query.number = filters.number.trim();
  if (filters.customer) query.customer_id = filters.customer;
  if (filters.payer) query.payer_id = filters.payer;
  if (filters.state.length) query.state = filters.state;
  if (filters.dueFrom) query.due_from = filters.dueFrom;
  if (filters.dueTo) query.due_to = filters.dueTo;
  if (filters.overdue) query.overdue = true;
  if (!filters.settled) query.unpaid = true;
  return query;
}
