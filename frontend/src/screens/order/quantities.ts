/** How many copies of a line can still go out, come back or be cancelled. Pure. */
import type { OrderLine } from "../../api/types";

type Numbers = Pick<OrderLine, "id" | "digital" | "outstanding" | "set_aside">;

/** Paper copies once set aside; a digital line has nothing to set aside. */
export function ready(line: Numbers): number {
  return line.digital ? line.outstanding : line.set_aside;
}

/** Copies that may go out at all: those set aside, and those still awaited if the shelf has them. */
export function deliverable(line: Numbers): number {
  return line.set_aside + line.outstanding;
}

export interface Wanted {
  line_id: string;
  quantity: number;
}

/** The copies a hand said, or those proposed, never more than there may be; lines without any are left out. */
export function wanted<Line extends { id: string }>(
  lines: readonly Line[],
  typed: Readonly<Record<string, number>>,
  proposed: (line: Line) => number,
  most: (line: Line) => number,
): Wanted[] {
  return lines
    .map((line) => ({ line_id: line.id, quantity: Math.min(typed[line.id] ?? proposed(line), most(line)) }))
    .filter(({ quantity }) => quantity > 0);
}

export function copies(lines: readonly Wanted[]): number {
  return lines.reduce((count, { quantity }) => count + quantity, 0);
}
