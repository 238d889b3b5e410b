/** A price or a discount as a hand types it for a line: one of the two, or neither (the rules decide). Pure. */
import { parseAmount } from "../../lib/format";

export interface TypedPrice {
  /** euros per copy, VAT included */
  unit: string;
  /** percent off the publisher's price */
  discount: string;
}

export const NO_PRICE: TypedPrice = { unit: "", discount: "" };

export interface AskedPrice {
  unit_price?: { amount: string };
  discount_percent?: string;
}

/** "5", "5,5 %" → "5.00", "5.50"; null when it is no percentage. */
export function parsePercent(typed: string): string | null {
  const plain = typed.replace(/[\s\u00a0\u202f%]/g, "");
  const amount = parseAmount(plain);
  return amount !== null && Number(amount) <= 100 ? amount : null;
}

/** What of it is sent; null when something typed is no price or no percentage. */
export function priceOf(typed: TypedPrice): AskedPrice | null {
  if (typed.unit.trim()) {
    const amount = parseAmount(typed.unit);
    return amount === null ? null : { unit_price: { amount } };
  }
  if (typed.discount.trim()) {
    const percent = parsePercent(typed.discount);
    return percent === null ? null : { discount_percent: percent };
  }
  return {};
}

/** What the price is off the publisher's, in percent to one decimal: "9.0"; a price above it is off nothing. */
export function discountOf(list: { amount: string }, unit: { amount: string }): string {
  const whole = Number(list.amount);
  const off = whole > 0 ? ((whole - Number(unit.amount)) / whole) * 100 : 0;
  return Math.max(0, off).toFixed(1);
}
