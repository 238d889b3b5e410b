/** Sheets of labels: where each label lies on the A4 sheet, and what is asked of the server. Millimetres. Pure. */
import type { LabelQuery } from "../../api/types";

export const A4 = { width: 210, height: 297 } as const;

export interface Sheet {
  columns: number;
  rows: number;
  width_mm: number;
  height_mm: number;
  left_mm: number;
  top_mm: number;
  gap_x_mm: number;
  gap_y_mm: number;
}

export type Format = NonNullable<LabelQuery["format"]>;
export const FORMATS = ["L7160", "L7159", "L7163", "free"] as const satisfies Format[];
export const ADDRESSES = ["main", "delivery", "billing"] as const satisfies NonNullable<LabelQuery["address"]>[];

export const WHOLE = ["columns", "rows"] as const;
export const LENGTHS = ["width_mm", "height_mm", "left_mm", "top_mm", "gap_x_mm", "gap_y_mm"] as const;
export const FIELDS = [...WHOLE, ...LENGTHS] as const;
export type SheetField = (typeof FIELDS)[number];
export type TypedSheet = Record<SheetField, string>;

/** For the picture only; the server knows the sheets to the tenth of a millimetre. */
const SHEETS: Record<Exclude<Format, "free">, Sheet> = {
  L7160: {
    columns: 3,
    rows: 7,
    width_mm: 63.5,
    height_mm: 38.1,
    left_mm: 7.2,
    top_mm: 15.15,
    gap_x_mm: 2.55,
    gap_y_mm: 0,
  },
  L7159: {
    columns: 3,
    rows: 8,
    width_mm: 63.5,
    height_mm: 33.9,
    left_mm: 7.2,
    top_mm: 12.9,
    gap_x_mm: 2.55,
    gap_y_mm: 0,
  },
  L7163: {
    columns: 2,
    rows: 7,
    width_mm: 99.1,
    height_mm: 38.1,
    left_mm: 4.65,
    top_mm: 15.15,
    gap_x_mm: 2.5,
    gap_y_mm: 0,
  },
};

/** A free sheet begins as 2 × 8 labels of 105 × 37 mm, without margins. */
export const FIRST_FREE: TypedSheet = {
  columns: "2",
  rows: "8",
  width_mm: "105",
  height_mm: "37",
  left_mm: "0",
  top_mm: "0",
  gap_x_mm: "0",
  gap_y_mm: "0",
};

function length(typed: string): number | null {
  const plain = typed.trim().replace(",", ".");
  return /^\d{1,3}(\.\d{1,2})?$/.test(plain) ? Number(plain) : null;
}

/** The fields of a free sheet that are no number, or too small. */
export function unsoundSheet(typed: TypedSheet): SheetField[] {
  return FIELDS.filter((field) => {
    if (field === "columns" || field === "rows") return !/^[1-9]\d?$/.test(typed[field].trim());
    const value = length(typed[field]);
    return value === null || ((field === "width_mm" || field === "height_mm") && value === 0);
  });
}

/** Null where a field is unsound. */
export function freeSheet(typed: TypedSheet): Sheet | null {
  if (unsoundSheet(typed).length) return null;
  const value = (field: SheetField): number => length(typed[field]) ?? 0;
  return {
    columns: value("columns"),
    rows: value("rows"),
    width_mm: value("width_mm"),
    height_mm: value("height_mm"),
    left_mm: value("left_mm"),
    top_mm: value("top_mm"),
    gap_x_mm: value("gap_x_mm"),
    gap_y_mm: value("gap_y_mm"),
  };
}

export function sheetOf(format: Format, typed: TypedSheet): Sheet | null {
  return format === "free" ? freeSheet(typed) : SHEETS[format];
}

export type Overflow = "tooWide" | "tooHigh";

/** Whether the labels leave the sheet; a hair is the printer's business. */
export function overflow(sheet: Sheet): Overflow | null {
  const right = sheet.left_mm + sheet.columns * sheet.width_mm + (sheet.columns - 1) * sheet.gap_x_mm;
  const bottom = sheet.top_mm + sheet.rows * sheet.height_mm + (sheet.rows - 1) * sheet.gap_y_mm;
  if (right > A4.width + 0.001) return "tooWide";
  return bottom > A4.height + 0.001 ? "tooHigh" : null;
}

export interface Cell {
  number: number;
  left: string;
  top: string;
  width: string;
  height: string;
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(3)}%`;
}

/** Where each label lies, in percent of the sheet; counted from the left, then downwards. */
export function cells(sheet: Sheet): Cell[] {
  return Array.from({ length: sheet.columns * sheet.rows }, (_, index) => {
    const column = index % sheet.columns;
    const row = Math.floor(index / sheet.columns);
    return {
      number: index + 1,
      left: percent(sheet.left_mm + column * (sheet.width_mm + sheet.gap_x_mm), A4.width),
      top: percent(sheet.top_mm + row * (sheet.height_mm + sheet.gap_y_mm), A4.height),
      width: percent(sheet.width_mm, A4.width),
      height: percent(sheet.height_mm, A4.height),
    };
  });
}

export interface Wanted {
  format: Format;
  start: number;
  address: NonNullable<LabelQuery["address"]>;
}

/** What a sheet that the server knows does not ask for is not sent; a length goes as the decimal that was typed. */
export function labelQuery(wanted: Wanted, typed: TypedSheet): LabelQuery {
  const query: LabelQuery = { format: wanted.format, start: wanted.start, address: wanted.address };
  const free = wanted.format === "free" ? freeSheet(typed) : null;
  if (!free) return query;
  for (const field of WHOLE) query[field] = free[field];
  for (const field of LENGTHS) query[field] = String(free[field]);
  return query;
}
