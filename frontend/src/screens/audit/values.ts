/** A value of the history or of a merge, as people read it. Pure: the words come with it. */
import { date, dateTime } from "../../lib/format";

export interface ValueWords {
  yes: string;
  no: string;
  /** words of codes, by the field they stand in */
  codes: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** a field of a whole that is told inside a value */
  field: (name: string) => string;
  /** the card or person an id stands for */
  party: (id: string) => string;
}

const PARTY = /^(cus|tpa|usr)_[0-9a-f]{32}$/;
/** who did something, as the base names staff */
const STAFF = /^staff:([0-9a-f]{32})$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/;

/** "" for nothing; ids as names, dates as dates, codes as words, JSON as a list. */
export function said(field: string, value: string | null, words: ValueWords): string {
  if (value === null) return "";
  if (value === "true") return words.yes;
  if (value === "false") return words.no;
  if (PARTY.test(value)) return words.party(value);
  const staff = STAFF.exec(value)?.[1];
  if (staff) return words.party(`usr_${staff}`);
  if (DAY.test(value)) return date(value);
  if (INSTANT.test(value)) return dateTime(value.replace(" ", "T"));
  const known = words.codes[field]?.[value];
  if (known) return known;
  if (/^[[{]/.test(value)) return structure(field, value, words);
  // a list of a person's ids and shares: "tpa_… 60.00, tpa_… 40.00"
  return value.replace(/(?:cus|tpa|usr)_[0-9a-f]{32}/g, (id) => words.party(id));
}

function structure(field: string, text: string, words: ValueWords): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  return told(field, value, words);
}

function told(field: string, value: unknown, words: ValueWords): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (Array.isArray(value)) return value.map((each) => told(field, each, words)).join(", ");
  if (typeof value === "object")
    return Object.entries(value)
      .filter(([, each]) => each !== null && each !== "")
      .map(([name, each]) => `${words.field(name)} : ${told(name, each, words)}`)
      .join(" ; ");
  return said(field, String(value as string | number), words);
}

export interface Changed {
  field: string;
  before: string | null;
  after: string | null;
}

const SILENT = new Set(["created_at", "updated_at", "version", "customer_id", "third_party_id"]);

/** What a field holds before anybody has said anything. */
const UNSAID = new Set(["", "[]", "{}", "false", "inherit", "0.00", "green"]);

function blank(value: string | null): boolean {
  return value === null || value === "" || value === "[]" || value === "{}";
}

/** What a line of the history tells: not its own card and dates, nor what a new or a deleted record left blank. */
export function telling(operation: string, changes: readonly Changed[]): Changed[] {
  const once = operation !== "update";
  return changes.filter(
    ({ field, before, after }) =>
      !(once && (SILENT.has(field) || UNSAID.has(after ?? before ?? ""))) && !(blank(before) && blank(after)),
  );
}
