/** The third parties: their search and their list, kept while one looks elsewhere. */
import { client, take } from "../../api/client";
import type { ThirdParty, ThirdPartyQuery, ThirdPartySort, ThirdPartyType } from "../../api/types";
import { RecordList, type Window } from "../../lib/list.svelte";

export interface PartyFilters {
  q: string;
  type: ThirdPartyType | "";
}

export function partyQuery(filters: PartyFilters): ThirdPartyQuery {
  const query: ThirdPartyQuery = {};
  if (filters.q.trim()) query.q = filters.q.trim();
  if (filters.type) query.type = filters.type;
  return query;
}

export const thirdParties = new RecordList<ThirdParty, PartyFilters, ThirdPartySort>(
  {
    page: (filters: PartyFilters, window: Window<ThirdPartySort>) =>
      take(client.GET("/v1/third-parties", { params: { query: { ...partyQuery(filters), ...window } } })),
    count: (filters: PartyFilters) =>
      take(client.GET("/v1/third-parties/count", { params: { query: partyQuery(filters) } })),
  },
  { q: "", type: "" },
  () => "name",
);
