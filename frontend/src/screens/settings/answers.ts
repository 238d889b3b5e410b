/** An answer of the shop's table as it is typed and sent. Pure. */
import type { AnswerPut, KnownAnswer } from "../../api/types";
import { flagAt, textAt, written, type Typed } from "../customers/form";

export const EFFECTS = ["wait", "ask", "reorder", "move", "close"] as const;
type Effect = (typeof EFFECTS)[number];

/** An effect newer than this page makes the line wait, which does no harm. */
function effectOf(typed: string): Effect {
  return EFFECTS.find((effect) => effect === typed) ?? "wait";
}

/** A known answer goes back whole: a PUT replaces it. */
export function answerPut(answer: KnownAnswer): AnswerPut {
  return {
    label: answer.label,
    label_en: answer.label_en,
    effect: effectOf(answer.effect),
    position: answer.position,
    active: answer.active,
  };
}

export const BLANK: Typed = { "/code": "", "/label": "", "/label_en": "", "/effect": "wait", "/active": true };

export function typedAnswer(answer: KnownAnswer): Typed {
  return {
    "/code": answer.code,
    "/label": answer.label,
    "/label_en": answer.label_en ?? "",
    "/effect": answer.effect,
    "/active": answer.active,
  };
}

/** Without a position a new one is the last, and a known one stays where it is. */
export function putOf(text: Typed): AnswerPut {
  return {
    label: textAt(text, "/label").trim(),
    label_en: written(text, "/label_en"),
    effect: effectOf(textAt(text, "/effect")),
    active: flagAt(text, "/active"),
  };
}
