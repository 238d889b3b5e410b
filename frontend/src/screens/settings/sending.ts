/** Who is told of what and when, as it is typed and sent (C11). Pure. */
import type { Dossier, DossierPatch, MessageEventName } from "../../api/types";
import { textAt, type Typed } from "../customers/form";
import { PICKUP_EVENTS } from "./template";

/** What may go out by itself: all but what is written for the occasion. */
export const AUTOMATIC = [...PICKUP_EVENTS, "cancelled", "order_confirmed"] as const satisfies MessageEventName[];
/** A call is made by a person: no message goes out by telephone by itself. */
export const CHANNELS = ["email", "sms"] as const;
export const HOURS = Array.from({ length: 25 }, (_, hour) => hour);

/** What stands in the field of a message that is no step. */
export const OFF = "off";
const LONGEST = 365;
const LONGEST_GRACE = 240;

export type StepEvent = (typeof PICKUP_EVENTS)[number];

export function stepField(event: string): string {
  return `/messages/steps/${event}`;
}

export function typedSending(dossier: Dossier): Typed {
  const { messages } = dossier;
  const typed: Record<string, string> = {
    "/messages/channels": messages.channels.join(" "),
    "/messages/automatic": [...messages.automatic].sort().join(" "),
    "/messages/grace_minutes": String(messages.grace_minutes),
    "/messages/from_hour": String(messages.from_hour),
    "/messages/to_hour": String(messages.to_hour),
  };
  for (const event of PICKUP_EVENTS) {
    const step = messages.steps.find((each) => each.event === event);
    typed[stepField(event)] = step ? String(step.after_days) : OFF;
  }
  return typed;
}

export function listOf(text: Typed, field: string): string[] {
  return textAt(text, field).split(" ").filter(Boolean);
}

/** The messages that are steps, in the order in which a customer hears them. */
export function stepsOf(text: Typed): StepEvent[] {
  return PICKUP_EVENTS.filter((event) => textAt(text, stepField(event)) !== OFF);
}

function whole(typed: string, least: number, most: number): number | null {
  const value = /^\d{1,4}$/.test(typed.trim()) ? Number(typed.trim()) : null;
  return value !== null && value >= least && value <= most ? value : null;
}

/** What is wrong with a step's day: no number, or not after the step before it (whose day is said). */
export function stepFault(text: Typed, event: StepEvent): "none" | number | null {
  const day = whole(textAt(text, stepField(event)), 0, LONGEST);
  if (day === null) return "none";
  const steps = stepsOf(text);
  const before = steps[steps.indexOf(event) - 1];
  const last = before ? whole(textAt(text, stepField(before)), 0, LONGEST) : null;
  return last !== null && day <= last ? last : null;
}

/** A day that fits between the step before and the one after; a week after the one before where there is room. */
export function dayFor(text: Typed, event: StepEvent): string {
  const at = PICKUP_EVENTS.indexOf(event);
  const day = (each: StepEvent): number | null => whole(textAt(text, stepField(each)), 0, LONGEST);
  const before = PICKUP_EVENTS.slice(0, at).reduce<number | null>((last, each) => day(each) ?? last, null);
  const after = PICKUP_EVENTS.slice(at + 1).reduce<number | null>((first, each) => first ?? day(each), null);
  if (before === null) return "0";
  const week = before + 7;
  if (after === null || week < after) return String(week);
  return String(Math.max(before + 1, Math.floor((before + after) / 2)));
}

/** What cannot be sent as it stands: the fields, by their pointer. */
export function unsoundSending(text: Typed): string[] {
  const hours = Number(textAt(text, "/messages/from_hour")) < Number(textAt(text, "/messages/to_hour"));
  return [
    ...stepsOf(text)
      .filter((event) => stepFault(text, event) !== null)
      .map(stepField),
    ...(whole(textAt(text, "/messages/grace_minutes"), 0, LONGEST_GRACE) === null ? ["/messages/grace_minutes"] : []),
    ...(hours ? [] : ["/messages/to_hour"]),
  ];
}

/** One place up or down in the order of preference. */
export function shifted(channels: readonly string[], channel: string, step: -1 | 1): string[] {
  const from = channels.indexOf(channel);
  const other = channels[from + step];
  if (from < 0 || other === undefined) return [...channels];
  return channels.map((each) => (each === channel ? other : each === other ? channel : each));
}

/** A merge patch of the touched fields; lists go whole. */
export function sendingPatch(text: Typed, fields: readonly string[]): DossierPatch {
  const touched = new Set(fields);
  const messages: NonNullable<DossierPatch["messages"]> = {};
  if (touched.has("/messages/channels"))
    messages.channels = CHANNELS.filter((each) => listOf(text, "/messages/channels").includes(each)).sort(
      (one, other) =>
        listOf(text, "/messages/channels").indexOf(one) - listOf(text, "/messages/channels").indexOf(other),
    );
  if (fields.some((field) => field.startsWith("/messages/steps/")))
    messages.steps = stepsOf(text).map((event) => ({ event, after_days: Number(textAt(text, stepField(event))) }));
  if (touched.has("/messages/automatic"))
    messages.automatic = AUTOMATIC.filter((event) => listOf(text, "/messages/automatic").includes(event));
  if (touched.has("/messages/grace_minutes")) messages.grace_minutes = Number(textAt(text, "/messages/grace_minutes"));
  if (touched.has("/messages/from_hour")) messages.from_hour = Number(textAt(text, "/messages/from_hour"));
  if (touched.has("/messages/to_hour")) messages.to_hour = Number(textAt(text, "/messages/to_hour"));
  return { messages };
}
