/** The untreated lines and what they are searched by, kept while one looks elsewhere. */
import { client, take } from "../../api/client";
import type { UntreatedLine, UntreatedQuery, UntreatedSort } from "../../api/types";
import { dayStart } from "../../lib/format";
import { RecordList, type Window } from "../../lib/list.svelte";
import type { Level } from "../settings/tree";
import type { Supplier } from "../supplier-orders/supplier";

export interface UntreatedFilters {
  from: string;
  to: string;
  level: Level;
  /** codes of that level; none: all orders, whatever the article's category (A31) */
  categories: string[];
  blocked: "all" | "only" | "not";
  q: string;
  supplier: Supplier | null;
}

export function noFilters(): UntreatedFilters {
  return { from: "", to: "", level: "category", categories: [], blocked: "all", q: "", supplier: null };
}

export function untreatedQuery(filters: UntreatedFilters): UntreatedQuery {
  const query: UntreatedQuery = {};
  if (filters.from) query.created_from = dayStart(filters.from);
  if (filters.to) query.created_to = dayStart(filters.to, 1);
  if (filters.categories.length) query.category = filters.categories;
  if (filters.blocked !== "all") query.blocked = filters.blocked === "only";
  if (filters.q.trim()) query.q = filters.q.trim();
  if (filters.supplier) query.supplier_id = filters.supplier.id;
  return query;
}

type Row = UntreatedLine & { id: string };

export const untreated = new RecordList<Row, UntreatedFilters, UntreatedSort>(
  {
    page: async (filters: UntreatedFilters, window: Window<UntreatedSort>) => {
      const page = await take(
        client.GET("/v1/untreated-lines", { params: { query: { ...untreatedQuery(filters), ...window } } }),
      );
      return { ...page, items: page.items.map((line) => ({ ...line, id: line.line_id })) };
    },
    count: (filters: UntreatedFilters) =>
      take(client.GET("/v1/untreated-lines/count", { params: { query: untreatedQuery(filters) } })),
  },
  noFilters(),
  () => "created_at", // who has waited longest is on top
);
