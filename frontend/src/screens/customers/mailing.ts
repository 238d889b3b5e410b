/** Writing to many customers at once: in portions the server takes, and one account of all of them. Pure. */
import type { Mailing } from "../../api/types";

/** Customers named in one request, at most. */
export const PORTION = 200;
/** Customers written to from the page at once, at most. */
export const MOST = 5000;

export type MailingTarget = "selected" | "search";

export function portions(ids: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let at = 0; at < ids.length; at += PORTION) parts.push(ids.slice(at, at + PORTION));
  return parts;
}

export interface Held {
  reason: string;
  names: string[];
}

export interface Account {
  messages: number;
  withheld: number;
  segments: number;
  /** the first message as it goes out */
  sample: Mailing["messages"][number] | null;
  /** who does not get it, by reason; most first */
  held: Held[];
}

export const NO_ACCOUNT: Account = { messages: 0, withheld: 0, segments: 0, sample: null, held: [] };

/** The account with one more portion in it. */
export function accounted(so_far: Account, portion: Mailing): Account {
  const held = new Map(so_far.held.map((each) => [each.reason, [...each.names]]));
  for (const { reason, name } of portion.withheld) held.set(reason, [...(held.get(reason) ?? []), name]);
  return {
    messages: so_far.messages + portion.counts.messages,
    withheld: so_far.withheld + portion.counts.withheld,
    segments: so_far.segments + portion.counts.segments,
    sample: so_far.sample ?? portion.messages[0] ?? null,
    held: [...held]
      .map(([reason, names]) => ({ reason, names }))
      .sort((one, other) => other.names.length - one.names.length),
  };
}
