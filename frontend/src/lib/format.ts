/** How the shop writes dates, numbers and amounts. Money stays a decimal string from end to end. */
import type { Money } from "../api/types";

const NBSP = "\u00a0";
const THIN = "\u202f";

/** 55338 → 55 338 */
export function grouped(value: number | string): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
}

/** {"amount":"1234.5","currency":"EUR"} → 1 234,50 € */
export function money(value: Money): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value.amount);
  if (!match) return value.amount;
  const [, sign = "", whole = "0", fraction = ""] = match;
  const symbol = value.currency === "EUR" ? "€" : value.currency;
  return `${sign}${grouped(whole)},${fraction.padEnd(2, "0")}${NBSP}${symbol}`;
}

/** 820 → 820 g; 1240 → 1,24 kg */
export function weight(grams: number): string {
  if (grams < 1000) return `${String(grams)}${NBSP}g`;
  return `${grouped(Math.floor(grams / 1000))}${decimals(grams % 1000)}${NBSP}kg`;
}

function decimals(thousandths: number): string {
  const digits = String(thousandths).padStart(3, "0").replace(/0+$/, "");
  return digits ? `,${digits}` : "";
}

/** "5.50" → 5,5 % */
export function rate(value: string): string {
  const short = value.includes(".") ? value.replace(/0+$/, "").replace(/\.$/, "") : value;
  return `${short.replace(".", ",")}${NBSP}%`;
}

function cents(amount: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(amount);
  if (!match) return 0n;
  const [, sign = "", whole = "0", fraction = ""] = match;
  const value = BigInt(whole) * 100n + BigInt(fraction.padEnd(2, "0"));
  return sign ? -value : value;
}

function fromCents(value: bigint): string {
  const sign = value < 0n ? "-" : "";
  const digits = (value < 0n ? -value : value).toString().padStart(3, "0");
  return `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** left − right, never below zero: what remains to be paid. */
export function remaining(left: Money, right: Money): Money {
  const difference = cents(left.amount) - cents(right.amount);
  return { ...left, amount: fromCents(difference > 0n ? difference : 0n) };
}

export function isZero(value: Money): boolean {
  return cents(value.amount) === 0n;
}

/** price × quantity, for the totals of an order that is still being typed. */
export function sum(items: { price: Money; quantity: number }[]): Money {
  const total = items.reduce((so_far, item) => so_far + cents(item.price.amount) * BigInt(item.quantity), 0n);
  return { amount: fromCents(total), currency: items[0]?.price.currency ?? "EUR" };
}

/** What a hand types ("1 234,5 €") as the contract wants it ("1234.50"); null when it is not an amount. */
export function parseAmount(typed: string): string | null {
  const plain = typed.replace(/[\s\u00a0\u202f€]/g, "").replace(",", ".");
  return /^\d{1,9}(\.\d{1,2})?$/.test(plain) ? fromCents(cents(plain)) : null;
}

/** "1234.50" → "1234,50": an amount as it is put in an input. */
export function typedAmount(amount: string): string {
  return amount.replace(".", ",");
}

// Days are the shop's days, whatever the clock of the device is set to.
const SHOP_ZONE = "Europe/Paris";
const day = new Intl.DateTimeFormat("fr-FR", {
  timeZone: SHOP_ZONE,
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
});
const hour = new Intl.DateTimeFormat("fr-FR", { timeZone: SHOP_ZONE, hour: "2-digit", minute: "2-digit" });

/** An instant or a plain date → 21/09/2017; nothing → "". */
export function date(value: string | null | undefined): string {
  if (!value) return "";
  const plain = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (plain) return `${plain[3] ?? ""}/${plain[2] ?? ""}/${plain[1] ?? ""}`;
  const instant = new Date(value);
  return Number.isNaN(instant.getTime()) ? value : day.format(instant);
}

/** 21/09/2017 14:32 */
export function dateTime(value: string | null | undefined): string {
  if (!value) return "";
  const instant = new Date(value);
  return Number.isNaN(instant.getTime()) ? value : `${day.format(instant)} ${hour.format(instant)}`;
}

/** Today in the shop, as YYYY-MM-DD, possibly some days away. */
export function shopDay(offset = 0, now = new Date()): string {
  const parts = day.formatToParts(new Date(now.getTime() + offset * 86_400_000));
  const part = (type: string): string => parts.find((item) => item.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

const wallClock = new Intl.DateTimeFormat("en-GB", {
  timeZone: SHOP_ZONE,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** How far the shop's clock is ahead of UTC at that moment, in milliseconds. */
function ahead(at: number): number {
  const parts = wallClock.formatToParts(at);
  const part = (type: string): number => Number(parts.find((item) => item.type === type)?.value ?? 0);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute")) - at;
}

/** The instant a day begins in the shop (with `days` = 1, the instant it ends): periods are half-open. */
export function dayStart(plain: string, days = 0): string {
  const midnight = Date.parse(`${plain}T00:00:00Z`) + days * 86_400_000;
  if (Number.isNaN(midnight)) return plain;
  return new Date(midnight - ahead(midnight - ahead(midnight))).toISOString();
}

/** What a scanner or a hand gives for a book: digits (and the X of an old ISBN), without spaces or hyphens. */
export function code(typed: string): string {
  return typed.replace(/[\s\u00a0-]/g, "").toUpperCase();
}

/** True when it can only be a code, not the words of a title. */
export function looksLikeCode(typed: string): boolean {
  return /^\d{7,13}X?$/.test(code(typed));
}
