/** A record as it is typed: which fields a hand has touched, what they were then, and what somebody else made of them since. Pure. */
export type Value = string | boolean;
/** Fields by the pointer the server names them with: "/address/street". */
export type Typed = Readonly<Record<string, Value>>;

export interface Touch {
  /** what the field held when the hand came to it */
  was: Value;
  now: Value;
}
export type Touched = Readonly<Record<string, Touch>>;

export interface Conflict {
  field: string;
  mine: Value;
  theirs: Value;
}

export const UNTOUCHED: Touched = {};

function valueOf(saved: Typed, field: string, like: Value): Value {
  return saved[field] ?? (typeof like === "boolean" ? false : "");
}

/** The touched fields after one more key stroke; a field put back as it was is untouched again. */
export function touch(touched: Touched, saved: Typed, field: string, now: Value): Touched {
  const there = valueOf(saved, field, now);
  const was = touched[field]?.was ?? there;
  const others = Object.fromEntries(Object.entries(touched).filter(([name]) => name !== field));
  return now === was && now === there ? others : { ...others, [field]: { was, now } };
}

/** The whole record as the screen shows it: what is saved, with what is typed over it. */
export function overlaid(saved: Typed, touched: Touched): Typed {
  return { ...saved, ...Object.fromEntries(Object.entries(touched).map(([field, { now }]) => [field, now])) };
}

/** Fields that somebody else has changed since a hand came to them; both texts are kept until one is chosen. */
export function conflicts(touched: Touched, saved: Typed): Conflict[] {
  return Object.entries(touched)
    .map(([field, { was, now }]) => ({ field, was, mine: now, theirs: valueOf(saved, field, now) }))
    .filter(({ was, mine, theirs }) => theirs !== was && theirs !== mine)
    .map(({ field, mine, theirs }) => ({ field, mine, theirs }));
}

/** One field decided: mine stands over theirs, or theirs is taken and the field is untouched. */
export function decide(touched: Touched, saved: Typed, field: string, whose: "mine" | "theirs"): Touched {
  const typed = touched[field];
  if (!typed) return touched;
  const there = valueOf(saved, field, typed.now);
  const others = Object.fromEntries(Object.entries(touched).filter(([name]) => name !== field));
  return whose === "mine" ? { ...others, [field]: { was: there, now: typed.now } } : others;
}

/** The fields to send: those whose text is not what the server has. */
export function outgoing(touched: Touched, saved: Typed): string[] {
  return Object.entries(touched)
    .filter(([field, { now }]) => now !== valueOf(saved, field, now))
    .map(([field]) => field);
}

type Json = string | boolean | null | Json[] | { [key: string]: Json };

/** {"/address/street": "x"} → {address: {street: "x"}} */
export function nested(fields: Readonly<Record<string, Json>>): { [key: string]: Json } {
  const whole: { [key: string]: Json } = {};
  for (const [pointer, value] of Object.entries(fields)) {
    const steps = pointer.slice(1).split("/");
    const last = steps.pop() ?? "";
    let at = whole;
    for (const step of steps) {
      const next = at[step];
      if (typeof next === "object" && next !== null && !Array.isArray(next)) at = next;
      else at = at[step] = {};
    }
    at[last] = value;
  }
  return whole;
}

export function textAt(text: Typed, field: string): string {
  const value = text[field];
  return typeof value === "string" ? value : "";
}

export function flagAt(text: Typed, field: string): boolean {
  return text[field] === true;
}

/** What a text field becomes on the wire: nothing typed is null. */
export function written(text: Typed, field: string): string | null {
  return textAt(text, field).trim() || null;
}
