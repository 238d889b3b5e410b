/** How something stands: nothing to say of it, under way, well, wants somebody, failed. */
export type Tone = "quiet" | "busy" | "good" | "warn" | "bad";

/** The tone of a value; one that is newer than this page is quiet. */
export function toneOf(tones: Readonly<Record<string, Tone>>, value: string): Tone {
  return tones[value] ?? "quiet";
}
