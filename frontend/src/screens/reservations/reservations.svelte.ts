/** The reservation list and its criteria, kept while one looks elsewhere. */
import { client, take } from "../../api/client";
import type { Reservation, ReservationQuery, ReservationSort, ReservationState } from "../../api/types";
import { dayStart } from "../../lib/format";
import { RecordList, type Window } from "../../lib/list.svelte";

export interface ReservationFilters {
  name: string;
  from: string;
  to: string;
  state: ReservationState[];
  expired: boolean;
}

export const STATES: ReservationState[] = ["set_aside", "collected", "returned", "written_off"];

/** What is in the reserve now: what the old list showed, since the others had left it. */
export function inReserve(): ReservationFilters {
  return { name: "", from: "", to: "", state: ["set_aside"], expired: false };
}

export function reservationQuery(filters: ReservationFilters): ReservationQuery {
  const query: ReservationQuery = {};
  if (filters.name.trim()) query.name = filters.name.trim();
  if (filters.from) query.set_aside_from = dayStart(filters.from);
  if (filters.to) query.set_aside_to = dayStart(filters.to, 1);
  if (filters.state.length) query.state = filters.state;
  if (filters.expired) query.expired = true;
  return query;
}

export const reservations = new RecordList<Reservation, ReservationFilters, ReservationSort>(
  {
    page: (filters: ReservationFilters, window: Window<ReservationSort>) =>
      take(client.GET("/v1/reservations", { params: { query: { ...reservationQuery(filters), ...window } } })),
    count: (filters: ReservationFilters) =>
      take(client.GET("/v1/reservations/count", { params: { query: reservationQuery(filters) } })),
  },
  inReserve(),
  () => "set_aside_at", // A36: the oldest first
);
