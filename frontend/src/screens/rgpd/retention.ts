/** The day from which nothing may have been heard of a customer. Pure. */

/** "2026-11-21", 3 → "2023-11-21"; a 29th of February falls back on the 28th. */
export function yearsBefore(day: string, years: number): string {
  const [year = "", month = "", date = ""] = day.split("-");
  const then = Number(year) - years;
  const leap = new Date(Date.UTC(then, 1, 29)).getUTCMonth() === 1;
  return `${String(then)}-${month}-${month === "02" && date === "29" && !leap ? "28" : date}`;
}
