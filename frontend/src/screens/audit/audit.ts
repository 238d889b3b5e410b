/** Where the history is read: of one card, or of the shop. */
import { client, take } from "../../api/client";
import type { AuditPage, AuditQuery } from "../../api/types";
import type { Reach } from "../../lib/feed.svelte";

export type AuditCriteria = Omit<AuditQuery, "limit" | "cursor">;

export function auditPage(path: string, query: AuditCriteria & Reach): Promise<AuditPage> {
  const [, kind = "", id = ""] = /^\/(customers|third-parties)\/([^/]+)/.exec(path) ?? [];
  const { limit, cursor } = query;
  const reach: Reach = cursor === undefined ? { limit } : { limit, cursor };
  if (kind === "customers")
    return take(
      client.GET("/v1/customers/{customer_id}/audit", { params: { path: { customer_id: id }, query: reach } }),
    );
  if (kind === "third-parties")
    return take(
      client.GET("/v1/third-parties/{third_party_id}/audit", {
        params: { path: { third_party_id: id }, query: reach },
      }),
    );
  return take(client.GET("/v1/audit", { params: { query } }));
}
