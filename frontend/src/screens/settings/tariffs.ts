/** The discounts of a tariff as they are typed and sent (A65). Pure. */
import type { TariffRule, TariffRuleInput } from "../../api/types";
import { typedRate, wireRate } from "../customers/card";

export const SCOPES = ["all", "vat_rate", "category", "school_books"] as const;
type Scope = (typeof SCOPES)[number];
export const VAT_RATES = ["5.50", "20.00", "10.00", "2.10"];

export interface TypedRule {
  scope: string;
  percent: string;
  vat_rate: string;
  category: string;
  starts_on: string;
  ends_on: string;
  basis: string;
}

export const BLANK_RULE: TypedRule = {
  scope: "all",
  percent: "",
  vat_rate: "5.50",
  category: "",
  starts_on: "",
  ends_on: "",
  basis: "",
};

export function typedRule(rule: TariffRule): TypedRule {
  return {
    scope: rule.scope,
    percent: typedRate(rule.percent),
    vat_rate: rule.vat_rate ?? BLANK_RULE.vat_rate,
    category: rule.category ?? "",
    starts_on: rule.starts_on ?? "",
    ends_on: rule.ends_on ?? "",
    basis: rule.basis ?? "",
  };
}

/** What a scope does not ask for is not sent, whatever is left in its field. */
export function ruleInput(typed: TypedRule): TariffRuleInput {
  const scope: Scope = SCOPES.find((each) => each === typed.scope) ?? "all";
  return {
    scope,
    percent: wireRate(typed.percent),
    vat_rate: scope === "vat_rate" ? typed.vat_rate : null,
    category: scope === "category" ? typed.category.trim() || null : null,
    starts_on: typed.starts_on || null,
    ends_on: typed.ends_on || null,
    basis: typed.basis.trim() || null,
  };
}

/** Whether a rule can be sent: a percentage of at most 100, with two decimals at most. */
export function sound(typed: TypedRule): boolean {
  const percent = wireRate(typed.percent);
  return /^\d{1,3}(\.\d{1,2})?$/.test(percent) && Number(percent) <= 100;
}
