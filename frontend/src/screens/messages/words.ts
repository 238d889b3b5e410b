/** What a message is, in words. Pure. */
import type { Message } from "../../api/types";
import type { Catalogue } from "../../i18n/fr";
import { plainError } from "./errors";

/** A value newer than this page is shown as it came. */
function said(words: Readonly<Record<string, string>>, value: string): string {
  return words[value] ?? value;
}

/** What was answered before somebody had it sent again is no longer so. */
export function answerHolds(message: Pick<Message, "state" | "attempts" | "error">): boolean {
  return message.error !== null && message.state !== "sent" && !(message.state === "queued" && message.attempts === 0);
}

/** Why it did not go out, on one line: the rule, or what the other side meant; nothing for one that went well. */
export function because(message: Pick<Message, "state" | "reason" | "error" | "attempts">, t: Catalogue): string {
  if (message.reason) return said(t.messages.reasons, message.reason);
  if (!answerHolds(message) || message.error === null) return "";
  return t.messages.plain[plainError(message.error, message.state)].split(/[.:;] ?/)[0]?.trim() ?? "";
}

/** Who had it sent: "staff:…", "key:…", or the program itself. */
export function preparedBy(by: string, t: Catalogue): string {
  if (by.startsWith("staff:")) return t.messages.staff;
  return by.startsWith("key:") ? t.messages.program : t.messages.automatic;
}
