/** Scenarios of invoice reminders as they are typed, and as they are sent (B28). Pure. */
import type { Dossier, DossierPatch, ReminderScenario } from "../../api/types";
import { textAt, type Typed } from "../customers/form";
import { STATES } from "../invoices/criteria";

export const CHANNELS = ["email", "post"] as const;
export type Channel = (typeof CHANNELS)[number];
export const PLACES = ["librairie", "nom", "factures", "total", "echeance"] as const;
export const LANGUAGES = ["fr", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
export const MOST_STEPS = 9;
const LONGEST = 730;

type State = (typeof STATES)[number];
export interface Words {
  subject: string;
  body: string;
}
export interface TypedStep {
  after: string;
  channel: Channel;
  states: State[];
  fr: Words;
  en: Words;
}
export interface TypedScenario {
  /** "" is the general one, of all who are of no family */
  family: string;
  steps: TypedStep[];
}

/** What a new reminder says until the shop says otherwise. */
const STARTING: Record<Language, Words> = {
  fr: {
    subject: "{librairie} : factures en attente de règlement",
    body: "Bonjour {nom},\n\nSauf erreur de notre part, ces factures restent à régler :\n\n{factures}\n\nTotal : {total}\n\nMerci de votre règlement.\n\n{librairie}",
  },
  en: {
    subject: "{librairie}: invoices awaiting payment",
    body: "Dear {nom},\n\nUnless we are mistaken, these invoices are still to be paid:\n\n{factures}\n\nTotal: {total}\n\nThank you for your payment.\n\n{librairie}",
  },
};

/** The next reminder of a scenario: two weeks after the one before, with its words to begin with. */
export function nextStep(steps: readonly TypedStep[]): TypedStep {
  const before = steps[steps.length - 1];
  return {
    after: before ? String(Number(before.after) + 14) : "15",
    channel: before ? "post" : "email",
    states: ["awaited"],
    fr: { ...(before?.fr ?? STARTING.fr) },
    en: { ...(before?.en ?? STARTING.en) },
  };
}

export const SCENARIOS = "/reminders/scenarios";

function typedScenario(scenario: ReminderScenario): TypedScenario {
  return {
    family: scenario.family ?? "",
    steps: scenario.steps.map((step) => ({
      after: String(step.after_days),
      channel: step.channel === "post" ? "post" : "email",
      states: STATES.filter((state) => step.states.includes(state)),
      fr: { subject: step.fr.subject, body: step.fr.body },
      en: { subject: step.en.subject, body: step.en.body },
    })),
  };
}

export function typedReminders(dossier: Dossier): Typed {
  return { [SCENARIOS]: JSON.stringify(dossier.reminders.scenarios.map(typedScenario)) };
}

export function scenariosOf(text: Typed): TypedScenario[] {
  const typed = textAt(text, SCENARIOS);
  return typed ? (JSON.parse(typed) as TypedScenario[]) : [];
}

export type StepField = "after" | "states" | Language;

/** What of a reminder cannot be sent as it stands; each comes later than the one before. */
export function unsoundStep(step: TypedStep, before: TypedStep | undefined): StepField[] {
  const wrong: StepField[] = [];
  const days = /^\d{1,3}$/.test(step.after.trim()) ? Number(step.after) : -1;
  if (days < 0 || days > LONGEST || (before && days <= Number(before.after))) wrong.push("after");
  if (step.states.length === 0) wrong.push("states");
  for (const language of LANGUAGES)
    if (!step[language].subject.trim() || !step[language].body.trim()) wrong.push(language);
  return wrong;
}

export function soundScenarios(scenarios: readonly TypedScenario[]): boolean {
  return scenarios.every(
    ({ steps }) => steps.length > 0 && steps.every((step, at) => unsoundStep(step, steps[at - 1]).length === 0),
  );
}

type ScenarioInput = NonNullable<NonNullable<DossierPatch["reminders"]>["scenarios"]>[number];

export function remindersPatch(text: Typed): DossierPatch {
  const scenarios: ScenarioInput[] = scenariosOf(text).map(({ family, steps }) => ({
    family: family || null,
    steps: steps.map(({ after, channel, states, fr, en }) => ({ after_days: Number(after), channel, states, fr, en })),
  }));
  return { reminders: { scenarios } };
}
