/** What the person at the counter may do, as far as the page must know to offer it; the server decides. */
import { session } from "../../api/session.svelte";

export function may(scope: string): boolean {
  const area = scope.split(":", 1)[0] ?? "";
  const held = session.me?.scopes ?? [];
  return ["admin", scope, `${area}:*`].some((each) => held.includes(each));
}

export function mayApprove(): boolean {
  return may("customers:approve");
}

export function mayAdminister(): boolean {
  return session.me?.scopes.includes("admin") ?? false;
}
