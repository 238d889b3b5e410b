/** Where a loyalty card stands, as it is read at the till. Pure. */
import type { Loyalty, Money } from "../../../api/types";
import type { Catalogue } from "../../../i18n/fr";
import { isZero, money, parseAmount } from "../../../lib/format";

/** +1,25 € or −1,25 €: an entry of a ledger. */
export function signed(value: Money): string {
  const text = money(value);
  if (text.startsWith("-")) return `−${text.slice(1)}`;
  return isZero(value) ? text : `+${text}`;
}

/** "-1 234,5 €" → "-1234.50"; null when it is no amount. */
export function parseSigned(typed: string): string | null {
  const match = /^\s*([-−–+]?)(.*)$/.exec(typed);
  const amount = parseAmount(match?.[2] ?? "");
  if (amount === null) return null;
  return match?.[1] && match[1] !== "+" ? `-${amount}` : amount;
}

/** "-1" → -1; null when it is no whole number. */
export function parseCount(typed: string): number | null {
  const plain = typed.replace(/[−–]/g, "-").replace(/[\s\u00a0\u202f+]/g, "");
  return /^-?\d{1,6}$/.test(plain) ? Number(plain) : null;
}

/** "7 achats sur 10, encore 3": how far the round under way is; null without a program that says how long it is. */
export function roundOf(card: Loyalty, t: Catalogue): string | null {
  const w = t.loyalty;
  const { program, under_way: at, to_go: left } = card;
  if (program?.every && left.purchases !== null)
    return `${w.purchasesOf(at.purchases, program.every)}, ${w.purchasesLeft(left.purchases)}`;
  if (program?.threshold && left.base !== null)
    return `${w.baseOf(money(at.base), money(program.threshold))}, ${w.baseLeft(money(left.base))}`;
  return null;
}

/** What share of the round is done, for a bar: 0 to 1. */
export function shareOf(card: Loyalty): number {
  const { program, under_way: at } = card;
  if (program?.every) return Math.min(1, at.purchases / program.every);
  const whole = Number(program?.threshold?.amount ?? 0);
  return whole > 0 ? Math.min(1, Math.max(0, Number(at.base.amount) / whole)) : 0;
}
