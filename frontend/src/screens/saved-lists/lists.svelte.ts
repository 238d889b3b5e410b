/** The saved lists of the shop, by name. */
import { client, take } from "../../api/client";
import type { SavedListSummary } from "../../api/types";
import { Feed } from "../../lib/feed.svelte";

export const savedLists = new Feed<SavedListSummary>((reach) =>
  take(client.GET("/v1/saved-lists", { params: { query: reach } })),
);
