/** The reservation list and its criteria, kept while one looks elsewhere. */
import { client, take } from "../../api/client";
import type { Reservation, ReservationSort } from "../../api/types";
import { RecordList, type Window } from "../../lib/list.svelte";
import { inReserve, reservationQuery, type ReservationFilters } from "./criteria";

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

/** The list with other criteria, from here or from another screen. */
export function look(filters: ReservationFilters): void {
  Object.assign(reservations.filters, filters);
  reservations.sort = null;
  void reservations.search();
}
