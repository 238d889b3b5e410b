/** The statistics axes: cumulative levels of a code of eight positions (B82). Pure. */
export const LONGEST = 8;
const MOST_LEVELS = 4;
/** Eight positions whose letters show where a level ends. */
const EXAMPLE = "FR44ABCD";

/** "2, 4, 8" → [2, 4, 8]; nothing typed → no level; null when it is no list of levels. */
export function parsedSegments(typed: string): number[] | null {
  const parts = typed
    .split(/[\s,;]+/)
    .map((part) => part.trim())
    .filter(Boolean);
  const numbers = parts.map((part) => (/^\d$/.test(part) ? Number(part) : 0));
  const rising = numbers.every((number, index) => number > (numbers[index - 1] ?? 0) && number <= LONGEST);
  return rising && numbers.length <= MOST_LEVELS ? numbers : null;
}

export function typedSegments(segments: readonly number[]): string {
  return segments.join(", ");
}

/** The levels an example code belongs to, from the widest: FR, FR44, FR44ABCD. */
export function exampleLevels(segments: readonly number[]): string[] {
  return segments.map((length) => EXAMPLE.slice(0, length));
}
