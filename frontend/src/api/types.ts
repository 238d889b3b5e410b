/** Short names for the generated schemas. Nothing is described here: the contract is in schema.d.ts. */
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
type Query<Path extends "/v1/customers" | "/v1/orders" | "/v1/reservations"> = NonNullable<
  paths[Path]["get"]["parameters"]["query"]
>;

export type Me = Schemas["Me"];
export type Money = Schemas["Sum"];
export type Customer = Schemas["Customer"];
export type CustomerPatch = Schemas["CustomerPatch"];
export type Article = Schemas["Article"];
export type QueuePlace = Schemas["QueuePlace"];
export type OrderSummary = Schemas["OrderSummary"];
export type Order = Schemas["Order"];
export type OrderLine = Schemas["OrderLine"];
export type Payment = Schemas["Payment"];
export type Reservation = Schemas["Reservation"];
export type Scan = Schemas["Scan"];
export type Reception = Schemas["Reception"];

/** The values a search may ask for; an answer may one day hold others (x-extensible-enum). */
export type OrderStatus = NonNullable<Query<"/v1/orders">["status"]>[number];
export type ReservationState = NonNullable<Query<"/v1/reservations">["state"]>[number];

/** What a list may be asked, and how it may be sorted. */
export type OrderQuery = Query<"/v1/orders">;
export type ReservationQuery = Query<"/v1/reservations">;
export type CustomerQuery = Query<"/v1/customers">;
export type OrderSort = NonNullable<OrderQuery["sort"]>;
export type ReservationSort = NonNullable<ReservationQuery["sort"]>;
export type CustomerSort = NonNullable<CustomerQuery["sort"]>;
