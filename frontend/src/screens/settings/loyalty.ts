/** Loyalty programs as they are typed, and as they are sent. Pure. */
import type { Dossier, DossierPatch, LoyaltyProgram } from "../../api/types";
import { parseAmount, typedAmount } from "../../lib/format";
import { typedRate, wireRate } from "../customers/card";
import { textAt, type Typed } from "../customers/form";

export const KINDS = ["purchases", "amount"] as const;
export type Kind = (typeof KINDS)[number];

/** The most that the law allows (R11). */
const MOST_PERCENT = 5;

export interface TypedProgram {
  code: string;
  label: string;
  kind: Kind;
  percent: string;
  every: string;
  threshold: string;
  expires: string;
  note: string;
}

type Field = keyof TypedProgram;
export const BLANK_PROGRAM: TypedProgram = {
  code: "",
  label: "",
  kind: "purchases",
  percent: "5",
  every: "10",
  threshold: "",
  expires: "",
  note: "",
};

export function typedProgram(program: LoyaltyProgram): TypedProgram {
  return {
    code: program.code,
    label: program.label,
    kind: program.kind === "amount" ? "amount" : "purchases",
    percent: typedRate(program.percent),
    every: program.every === null ? "" : String(program.every),
    threshold: program.threshold === null ? "" : typedAmount(program.threshold.amount),
    expires: program.expires_after_months === null ? "" : String(program.expires_after_months),
    note: program.voucher_note ?? "",
  };
}

/** The whole list stands in one field of the form: it goes to the server whole. */
export const PROGRAMS = "/loyalty/programs";

export function typedLoyalty(dossier: Dossier): Typed {
  return { [PROGRAMS]: JSON.stringify(dossier.loyalty.programs.map(typedProgram)) };
}

export function programsOf(text: Typed): TypedProgram[] {
  const typed = textAt(text, PROGRAMS);
  return typed ? (JSON.parse(typed) as TypedProgram[]) : [];
}

function whole(typed: string, least: number, most: number): boolean {
  return /^\d{1,4}$/.test(typed.trim()) && Number(typed) >= least && Number(typed) <= most;
}

/** What of a program cannot be sent as it stands. */
export function unsoundProgram(program: TypedProgram, others: readonly TypedProgram[]): Field[] {
  const wrong: Field[] = [];
  const code = program.code.trim();
  if (!code || others.some((other) => other !== program && other.code.trim() === code)) wrong.push("code");
  if (!program.label.trim()) wrong.push("label");
  const percent = Number(wireRate(program.percent) || "0");
  if (!/^\d(\.\d{1,2})?$/.test(wireRate(program.percent)) || percent <= 0 || percent > MOST_PERCENT)
    wrong.push("percent");
  if (program.kind === "purchases" && !whole(program.every, 1, 1000)) wrong.push("every");
  if (program.kind === "amount" && !(Number(parseAmount(program.threshold) ?? 0) > 0)) wrong.push("threshold");
  if (program.expires.trim() && !whole(program.expires, 1, 120)) wrong.push("expires");
  return wrong;
}

type ProgramInput = NonNullable<NonNullable<DossierPatch["loyalty"]>["programs"]>[number];

export function programInput(program: TypedProgram): ProgramInput {
  return {
    code: program.code.trim(),
    label: program.label.trim(),
    kind: program.kind,
    percent: Number(wireRate(program.percent)).toFixed(2),
    every: program.kind === "purchases" ? Number(program.every) : null,
    threshold: program.kind === "amount" ? { amount: parseAmount(program.threshold) ?? "0.00" } : null,
    expires_after_months: program.expires.trim() ? Number(program.expires) : null,
    voucher_note: program.note.trim() || null,
  };
}

export function loyaltyPatch(text: Typed): DossierPatch {
  return { loyalty: { programs: programsOf(text).map(programInput) } };
}

/** One place up or down; the first one is the shop's own. */
export function stepped<T>(list: readonly T[], at: number, step: -1 | 1): T[] {
  const next = [...list];
  const [moved] = next.splice(at, 1);
  if (moved !== undefined) next.splice(at + step, 0, moved);
  return next;
}
