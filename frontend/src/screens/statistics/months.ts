/** Periods of whole months, both ends included. A month is YYYY-MM. Pure. */
export interface Months {
  from: string;
  to: string;
}

/** The month so many after (or before) another. */
export function monthAfter(month: string, months = 1): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const count = year * 12 + number - 1 + months;
  return `${String(Math.floor(count / 12)).padStart(4, "0")}-${String((count % 12) + 1).padStart(2, "0")}`;
}

/** The fiscal year of a day, `ago` years before; the running one ends with the month of that day (B18). */
export function fiscalYear(today: string, firstMonth: number, ago: number): Months {
  const now = today.slice(0, 7);
  const year = Number(today.slice(0, 4)) - (Number(today.slice(5, 7)) < firstMonth ? 1 : 0) - ago;
  const from = `${String(year).padStart(4, "0")}-${String(firstMonth).padStart(2, "0")}`;
  return { from, to: ago === 0 ? now : monthAfter(from, 11) };
}

/** A period that can be asked for: both months are there, in their order. */
export function whole(months: Months): boolean {
  return /^\d{4}-\d{2}$/.test(months.from) && /^\d{4}-\d{2}$/.test(months.to) && months.from <= months.to;
}

/** As the contract wants it: days, the last left out. */
export function days(months: Months): { from: string; to: string } {
  return { from: `${months.from}-01`, to: `${monthAfter(months.to)}-01` };
}

/** 2026-09 → sept. 2026 */
export function shortMonth(month: string, lang: string): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  const name = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : "fr-FR", { month: "short", timeZone: "UTC" });
  return `${name.format(new Date(Date.UTC(2026, number - 1, 1)))} ${String(year)}`;
}
