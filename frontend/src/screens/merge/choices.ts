/** Field by field: which card's value the merged one takes. Pure. */
export type Side = "kept" | "absorbed";
export type Taken = Side | "both";

export interface Difference {
  field: string;
  kept: string | null;
  absorbed: string | null;
  proposed: string;
}

export type Picked = Readonly<Record<string, Taken>>;

function known(value: string): Taken {
  return value === "absorbed" || value === "both" ? value : "kept";
}

/** What may be picked for a field; both together only where the rule proposes it (comments, own fields). */
export function offers(difference: Difference): Taken[] {
  return known(difference.proposed) === "both" ? ["kept", "absorbed", "both"] : ["kept", "absorbed"];
}

/** What is picked for a field: what a hand chose, else what the rule proposes. */
export function pickOf(picked: Picked, difference: Difference): Taken {
  const mine = picked[difference.field];
  return mine && offers(difference).includes(mine) ? mine : known(difference.proposed);
}

/**
 * What is sent: every choice on the screen, said or proposed, so that what was seen is what is done even if a card changes
 * meanwhile; "both" is no choice but what the rule does when nothing is said.
 */
export function choicesOf(picked: Picked, differences: readonly Difference[]): Record<string, Side> {
  const choices: Record<string, Side> = {};
  for (const difference of differences) {
    const taken = pickOf(picked, difference);
    if (taken !== "both") choices[difference.field] = taken;
  }
  return choices;
}

/** What stands in the way of undoing: the kind of record, and the server's words with the fields called by their names. */
export function builtOn(
  pointer: string,
  detail: string,
  field: (name: string) => string,
): { table: string; detail: string } {
  const [, table = ""] = pointer.replace(/^#/, "").split("/");
  // the fields are listed after the last colon; a sentence without one has no fields
  const at = detail.lastIndexOf(": ");
  if (at < 0) return { table, detail };
  const names = detail
    .slice(at + 2)
    .split(", ")
    .map(field);
  return { table, detail: `${detail.slice(0, at)}: ${names.join(", ")}` };
}
