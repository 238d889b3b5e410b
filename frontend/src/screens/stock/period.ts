/** Periods of whole days as a hand types them, both ends included. Days are YYYY-MM-DD. Pure. */
export interface Period {
  from: string;
  to: string;
}

export type Usual = "month" | "last" | "year";

function plain(day: Date): string {
  return day.toISOString().slice(0, 10);
}

/** The contract leaves the last day out. */
export function dayAfter(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return plain(date);
}

export function usual(name: Usual, today: string): Period {
  const [year = 0, month = 1] = today.split("-").map(Number);
  if (name === "year") return { from: `${today.slice(0, 4)}-01-01`, to: today };
  if (name === "month") return { from: `${today.slice(0, 7)}-01`, to: today };
  return { from: plain(new Date(Date.UTC(year, month - 2, 1))), to: plain(new Date(Date.UTC(year, month - 1, 0))) };
}

/** A period that can be asked for: both days are there, in their order. */
export function whole(period: Period): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(period.from) && /^\d{4}-\d{2}-\d{2}$/.test(period.to) && period.from <= period.to;
}
