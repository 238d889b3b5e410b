/** The processing of outstanding deliveries (traitement des restes à livrer, A14), and what a line's copies are for. Pure. */
import type { KnownAnswer, SupplierLine } from "../../api/types";

/** Copies asked for that nobody waits for. */
export function forShelf(line: SupplierLine): number {
  const meant = line.links.reduce((count, each) => count + each.quantity, 0);
  return Math.max(0, line.ordered - line.cancelled - meant);
}

export function awaited(lines: readonly SupplierLine[]): SupplierLine[] {
  return lines.filter((line) => line.outstanding > 0);
}

/** The title that each customer line waits for. */
export function titlesOf(lines: readonly SupplierLine[]): Map<string, string> {
  return new Map(lines.flatMap((line) => line.links.map((each) => [each.line_id, line.title])));
}

/** What is chosen for one line: "" nothing, a code of the shop's table, or FREE with a text. */
export interface Said {
  code: string;
  text: string;
  ean: string;
}

export const FREE = "*";
export const SILENT: Said = { code: "", text: "", ean: "" };

/** Whether the re-issue's code is asked for. */
export function moves(said: Said, answers: readonly KnownAnswer[]): boolean {
  return answers.find((answer) => answer.code === said.code)?.effect === "move";
}

export interface Sent {
  line_id: string;
  code: string;
  label?: string;
  new_ean?: string;
}

/** Codes are short; the whole text is the label. */
const LONGEST_CODE = 60;

/** One line's answer as it is sent; null while nothing, or not enough, is said. */
export function sent(lineId: string, said: Said, answers: readonly KnownAnswer[]): Sent | null {
  if (said.code === "") return null;
  if (said.code === FREE) {
    const text = said.text.trim();
    return text ? { line_id: lineId, code: text.slice(0, LONGEST_CODE).trim(), label: text } : null;
  }
  const ean = said.ean.replace(/[\s-]/g, "");
  if (moves(said, answers) && ean) return { line_id: lineId, code: said.code, new_ean: ean };
  return { line_id: lineId, code: said.code };
}
