/** The unpaid invoices of a few customers chosen by hand, those due first at the top. */
import { client, take } from "../../api/client";
import type { Invoice } from "../../api/types";

const MOST_OF_ONE = 200;
const AT_ONCE = 8;

export async function unpaidOf(customers: readonly string[]): Promise<{ items: Invoice[] }> {
  const items: Invoice[] = [];
  for (let at = 0; at < customers.length; at += AT_ONCE) {
    const pages = await Promise.all(
      customers.slice(at, at + AT_ONCE).map((customer_id) => {
        const query = { customer_id, unpaid: true, limit: MOST_OF_ONE };
        return take(client.GET("/v1/invoices", { params: { query } }));
      }),
    );
    items.push(...pages.flatMap((page) => page.items));
  }
  return { items: items.sort((one, other) => one.due_on.localeCompare(other.due_on)) };
}
