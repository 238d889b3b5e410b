/** The words of a message as they are typed. Pure. */
import type { MessageEventName, MessageTemplate, TemplatePath, TemplateWords } from "../../api/types";
import { textAt, type Typed } from "../customers/form";

export type TemplateEvent = TemplatePath["event"];
export type TemplateLanguage = TemplatePath["language"];

/** What a text may name. Those of pick-up speak of copies, the others of an order. */
const OF_ALL = ["client", "librairie"] as const;
const OF_PICKUP = ["titres", "nombre", "date_limite"] as const;
const OF_ORDER = ["commande"] as const;
export type Place = (typeof OF_ALL | typeof OF_PICKUP | typeof OF_ORDER)[number] | "desabonnement";

export const PICKUP_EVENTS = [
  "arrival",
  "reminder_1",
  "reminder_2",
  "reminder_3",
  "last_call",
] as const satisfies MessageEventName[];

/** Written for the occasion: only who it is for, who it is from, and the way out. */
export const FREE_PLACES: Place[] = [...OF_ALL, "desabonnement"];

export function placesOf(event: string): Place[] {
  return [...OF_ALL, ...(PICKUP_EVENTS.some((each) => each === event) ? OF_PICKUP : OF_ORDER)];
}

/** A place put where the hand is; `caret` is where it goes on. */
export function insertedAt(text: string, place: string, start: number, end: number): { text: string; caret: number } {
  const word = `{${place}}`;
  return { text: `${text.slice(0, start)}${word}${text.slice(end)}`, caret: start + word.length };
}

export function typedTemplate(template: MessageTemplate): Typed {
  return { "/subject": template.subject, "/body": template.body, "/sms": template.sms };
}

export function templateWords(text: Typed): TemplateWords {
  return { subject: textAt(text, "/subject"), body: textAt(text, "/body"), sms: textAt(text, "/sms") };
}
