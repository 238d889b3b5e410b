/** What the outbox is searched by, and how that goes to the server. Pure. */
import type { MessageChannel, MessageEventName, MessageQuery, MessageState } from "../../api/types";

export const STATES: MessageState[] = ["queued", "sending", "sent", "withheld", "dead", "uncertain"];
export const CHANNELS: MessageChannel[] = ["email", "sms", "phone"];
export const EVENTS: MessageEventName[] = [
  "arrival",
  "reminder_1",
  "reminder_2",
  "reminder_3",
  "last_call",
  "cancelled",
  "order_confirmed",
  "invoice_reminder",
  "free",
];

export interface MessageFilters {
  name: string;
  state: MessageState[];
  channel: MessageChannel | "";
  event: MessageEventName | "";
  from: string;
  to: string;
}

export function noFilters(): MessageFilters {
  return { name: "", state: [], channel: "", event: "", from: "", to: "" };
}

export function messageQuery(filters: MessageFilters): MessageQuery {
  const query: MessageQuery = {};
  if (filters.name.trim()) query.name = filters.name.trim();
  if (filters.state.length) query.state = filters.state;
  if (filters.channel) query.channel = filters.channel;
  if (filters.event) query.event = filters.event;
  if (filters.from) query.day_from = filters.from;
  if (filters.to) query.day_to = filters.to;
  return query;
}
