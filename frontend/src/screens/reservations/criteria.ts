/** What reservations are searched by: the criteria, the lists of the day, and what is asked of the server. Pure. */
import type { EndCause, ReservationQuery, ReservationState } from "../../api/types";
import { code, dayStart } from "../../lib/format";

/** What is a box to tick: the words of the contract. */
export const MARKS = ["mail_order", "digital", "by_hand", "expired", "old", "to_remind", "cancel_requested"] as const;
export type Mark = (typeof MARKS)[number];
/** What is typed as a word: the words of the contract. */
export const WORDS = ["name", "title", "customer_code", "place"] as const;

export interface ReservationFilters {
  name: string;
  title: string;
  customer_code: string;
  place: string;
  ean: string;
  number: string;
  from: string;
  to: string;
  deadlineFrom: string;
  deadlineTo: string;
  state: ReservationState[];
  cause: EndCause | "";
  marks: Mark[];
}

export const STATES: ReservationState[] = ["set_aside", "collected", "returned", "written_off"];
export const CAUSES: EndCause[] = ["collected", "cancelled", "expired", "not_found", "damaged"];

export function everything(): ReservationFilters {
  return {
    name: "",
    title: "",
    customer_code: "",
    place: "",
    ean: "",
    number: "",
    from: "",
    to: "",
    deadlineFrom: "",
    deadlineTo: "",
    state: [],
    cause: "",
    marks: [],
  };
}

/** What is in the reserve now: what the old list showed, since the others had left it. */
export function inReserve(): ReservationFilters {
  return { ...everything(), state: ["set_aside"] };
}

/** The lists of the day, by what they ask. */
export const LISTS = {
  kept: [],
  remind: ["to_remind"],
  shelve: ["expired"],
  old: ["old"],
  cancel: ["cancel_requested"],
} as const satisfies Record<string, readonly Mark[]>;
export type ListName = keyof typeof LISTS;

export function listed(name: ListName): ReservationFilters {
  return { ...inReserve(), marks: [...LISTS[name]] };
}

/** Which list of the day these criteria are, if they are one and nothing else. */
export function listOf(filters: ReservationFilters): ListName | null {
  const same = JSON.stringify(filters);
  return (Object.keys(LISTS) as ListName[]).find((name) => JSON.stringify(listed(name)) === same) ?? null;
}

export function reservationQuery(filters: ReservationFilters): ReservationQuery {
  const query: ReservationQuery = {};
  const number = filters.number.replace(/\D/g, "");
  for (const key of WORDS) if (filters[key].trim()) query[key] = filters[key].trim();
  for (const key of filters.marks) query[key] = true;
  if (filters.ean.trim()) query.ean = code(filters.ean);
  if (number) query.order_number = Number(number);
  if (filters.from) query.set_aside_from = dayStart(filters.from);
  if (filters.to) query.set_aside_to = dayStart(filters.to, 1);
  if (filters.deadlineFrom) query.deadline_from = filters.deadlineFrom;
  if (filters.deadlineTo) query.deadline_to = filters.deadlineTo;
  if (filters.state.length) query.state = filters.state;
  if (filters.cause) query.end_cause = [filters.cause];
  return query;
}
