/** What is filtered, in words, each with its way out. */
import type { Catalogue } from "../../i18n/fr";
import type { Chip } from "../../lib/chips";
import { date } from "../../lib/format";
import type { Mark, ReservationFilters } from "./criteria";

type Words = Catalogue["reservations"];

export function markWord(r: Words, mark: Mark): string {
  const words: Record<Mark, string> = {
    mail_order: r.mailOnly,
    digital: r.digitalOnly,
    by_hand: r.byHand,
    expired: r.expired,
    old: r.old,
    to_remind: r.toRemind,
    cancel_requested: r.cancelRequested,
  };
  return words[mark];
}

/** `search` after each that is dropped. */
export function chipsOf(f: ReservationFilters, r: Words, search: () => void): Chip[] {
  const typed = [
    ["name", r.customerName],
    ["title", r.lineTitle],
    ["customer_code", r.customerCode],
    ["place", r.place],
    ["ean", r.ean],
    ["number", r.orderNumber],
  ] as const;
  const days = [
    ["from", r.from],
    ["to", r.to],
    ["deadlineFrom", r.deadlineFrom],
    ["deadlineTo", r.deadlineTo],
  ] as const;
  const chip = (key: string, text: string, drop: () => void): Chip => ({ key, text, drop: () => (drop(), search()) });
  return [
    ...typed
      .filter(([key]) => f[key].trim())
      .map(([key, label]) => chip(key, `${label} : ${f[key].trim()}`, () => (f[key] = ""))),
    ...days.filter(([key]) => f[key]).map(([key, label]) => chip(key, `${label} ${date(f[key])}`, () => (f[key] = ""))),
    ...f.state.map((state) =>
      chip(state, `${r.state} : ${r.states[state]}`, () => (f.state = f.state.filter((each) => each !== state))),
    ),
    ...(f.cause ? [chip("cause", `${r.cause} : ${r.causes[f.cause]}`, () => (f.cause = ""))] : []),
    ...f.marks.map((mark) => chip(mark, markWord(r, mark), () => (f.marks = f.marks.filter((each) => each !== mark)))),
  ];
}
