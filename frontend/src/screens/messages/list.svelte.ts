/** The outbox, kept while one looks elsewhere. */
import { client, take } from "../../api/client";
import type { Message, MessageSort } from "../../api/types";
import { RecordList, type Window } from "../../lib/list.svelte";
import { messageQuery, noFilters, type MessageFilters } from "./criteria";

export const messages = new RecordList<Message, MessageFilters, MessageSort>(
  {
    page: (filters: MessageFilters, window: Window<MessageSort>) =>
      take(client.GET("/v1/messages", { params: { query: { ...messageQuery(filters), ...window } } })),
    count: (filters: MessageFilters) =>
      take(client.GET("/v1/messages/count", { params: { query: messageQuery(filters) } })),
  },
  noFilters(),
  () => "-created_at",
);
