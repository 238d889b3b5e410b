/** Orders and reservations of a customer over the last twelve months (A69). */
import { client, take } from "../../../api/client";
import type { CustomerActivity } from "../../../api/types";
import { Reading } from "../reading.svelte";

export class ActivityState extends Reading<CustomerActivity> {
  constructor(customer: string) {
    const params = { params: { path: { customer_id: customer } } };
    super(() => take(client.GET("/v1/customers/{customer_id}/activity", params)));
  }
}
