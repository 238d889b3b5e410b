/** A reward used on the lines of a ticket (R11): what is typed, what the law leaves of each line, and what is sent. Pure. */
import type { Article, Money, Prices, RedemptionBody } from "../../../api/types";
import { parseAmount, remaining, sum, typedAmount } from "../../../lib/format";

export interface VoucherLine {
  ean: string;
  title: string;
  quantity: number;
  list: Money;
  /** the price paid for all copies without the reward, as typed */
  amount: string;
}

function whole(price: Money, quantity: number): Money {
  return sum([{ price, quantity }]);
}

/** The same book scanned again is one copy more, at its price. */
export function scanned(lines: readonly VoucherLine[], article: Article): VoucherLine[] {
  const known = lines.find((line) => line.ean === article.ean);
  if (known) return put(lines, known.ean, known.quantity + 1);
  const line = { ean: article.ean, title: article.title, quantity: 1, list: article.list_price };
  return [...lines, { ...line, amount: typedAmount(article.list_price.amount) }];
}

/** Another number of copies costs as many times the publisher's price, until a hand says otherwise. */
export function put(lines: readonly VoucherLine[], ean: string, quantity: number): VoucherLine[] {
  return lines.map((line) =>
    line.ean === ean ? { ...line, quantity, amount: typedAmount(whole(line.list, quantity).amount) } : line,
  );
}

/** What the law leaves of a line: its price above the least that the law lets one copy be sold for. */
export function leaves(line: VoucherLine, least: Prices["lines"][number] | undefined): Money | null {
  const amount = parseAmount(line.amount);
  if (!least || amount === null) return null;
  return remaining({ amount, currency: "EUR" }, whole(least.unit_price, line.quantity));
}

/** The question whose answer is the least price of each line: all of it off, and the law puts it back. */
export function leastPrices(
  lines: readonly VoucherLine[],
): { ean: string; quantity: number; discount_percent: string }[] {
  return lines.map(({ ean, quantity }) => ({ ean, quantity, discount_percent: "100.00" }));
}

/** Null when something typed is no amount. The lines of a ticket are numbered under it, as the till does. */
export function voucherBody(ticket: string, lines: readonly VoucherLine[], typed: string): RedemptionBody | null {
  const reference = ticket.trim();
  const taken = typed.trim() ? parseAmount(typed) : undefined;
  if (taken === null) return null;
  const sent: RedemptionBody["lines"] = [];
  for (const [at, line] of lines.entries()) {
    const amount = parseAmount(line.amount);
    if (amount === null) return null;
    sent.push({
      reference: `${reference}-${String(at + 1)}`,
      ean: line.ean,
      quantity: line.quantity,
      amount: { amount },
    });
  }
  return { reference, lines: sent, amount: taken === undefined ? null : { amount: taken } };
}
