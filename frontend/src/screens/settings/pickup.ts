/** Until when copies are kept (P5, P32), as it is typed and sent. Pure. */
import type { Dossier, DossierPatch } from "../../api/types";
import { flagAt, textAt, type Typed } from "../customers/form";

export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
/** What stands in the field of a category without a time of its own. */
export const OFF = "off";
const CATEGORY = "/pickup/by_category/";
const LONGEST = 365;

export function weekdayField(weekday: number): string {
  return `/pickup/closed_weekdays/${String(weekday)}`;
}

export function categoryField(code: string): string {
  return `${CATEGORY}${code}`;
}

export function typedPickup(dossier: Dossier): Typed {
  const { pickup } = dossier;
  const typed: Record<string, string | boolean> = {
    "/pickup/days": String(pickup.days),
    "/old_after_days": String(dossier.old_after_days),
    "/pickup/closed_dates": [...pickup.closed_dates].sort().join(" "),
  };
  for (const weekday of WEEKDAYS) typed[weekdayField(weekday)] = pickup.closed_weekdays.includes(weekday);
  for (const [code, days] of Object.entries(pickup.by_category)) typed[categoryField(code)] = String(days);
  return typed;
}

/** The categories with a time of their own. */
export function categoriesOf(text: Typed): string[] {
  return Object.keys(text)
    .filter((field) => field.startsWith(CATEGORY) && textAt(text, field) !== OFF)
    .map((field) => field.slice(CATEGORY.length))
    .sort();
}

export function datesOf(text: Typed): string[] {
  return textAt(text, "/pickup/closed_dates").split(" ").filter(Boolean);
}

export function withDates(text: Typed, dates: readonly string[]): string {
  return [...new Set([...datesOf(text), ...dates])].sort().join(" ");
}

function days(typed: string, least: number): boolean {
  return /^\d{1,3}$/.test(typed.trim()) && Number(typed) >= least && Number(typed) <= LONGEST;
}

/** What cannot be sent as it stands: the fields, by their pointer. */
export function unsoundPickup(text: Typed): string[] {
  return [
    ...(days(textAt(text, "/pickup/days"), 1) ? [] : ["/pickup/days"]),
    ...(days(textAt(text, "/old_after_days"), 1) ? [] : ["/old_after_days"]),
    ...categoriesOf(text)
      .map(categoryField)
      .filter((field) => !days(textAt(text, field), 0)),
    ...(WEEKDAYS.every((weekday) => flagAt(text, weekdayField(weekday))) ? ["/pickup/closed_weekdays"] : []),
  ];
}

/** A merge patch of the touched fields; lists and the times by category go whole. */
export function pickupPatch(text: Typed, fields: readonly string[]): DossierPatch {
  const touched = new Set(fields);
  const under = (start: string): boolean => fields.some((field) => field.startsWith(start));
  const patch: DossierPatch = {};
  const pickup: NonNullable<DossierPatch["pickup"]> = {};
  if (touched.has("/pickup/days")) pickup.days = Number(textAt(text, "/pickup/days"));
  if (under(CATEGORY))
    pickup.by_category = Object.fromEntries(
      categoriesOf(text).map((code) => [code, Number(textAt(text, categoryField(code)))]),
    );
  if (under("/pickup/closed_weekdays/"))
    pickup.closed_weekdays = WEEKDAYS.filter((weekday) => flagAt(text, weekdayField(weekday)));
  if (touched.has("/pickup/closed_dates")) pickup.closed_dates = datesOf(text);
  if (Object.keys(pickup).length) patch.pickup = pickup;
  if (touched.has("/old_after_days")) patch.old_after_days = Number(textAt(text, "/old_after_days"));
  return patch;
}

const DAY = 86_400_000;

function plain(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** Easter Sunday (the anonymous Gregorian algorithm). */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return Date.UTC(year, month - 1, ((h + l - 7 * m + 114) % 31) + 1);
}

/** The public holidays of mainland France (Code du travail, art. L3133-1). */
export function holidays(year: number): string[] {
  const sunday = easter(year);
  const fixed = ["01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25"];
  const moving = [1, 39, 50].map((after) => plain(sunday + after * DAY));
  return [...fixed.map((day) => `${String(year)}-${day}`), ...moving].sort();
}
