/** What the post would rather have (NF Z10-011), beside the field it is about. Nothing is refused for it. */
import type { Customer } from "../../api/types";
import { i18n } from "../../i18n/index.svelte";

type Advice = Customer["address_advice"][number];

/** Characters in a printed line. */
export const LONGEST = 38;

function words(advice: Advice): string {
  const a = i18n.t.customer.advice;
  const { facts } = advice;
  switch (advice.code) {
    case "line-too-long":
      return a.long(facts["length"] ?? "", facts["limit"] ?? String(LONGEST));
    case "punctuation":
      return a.punctuation(facts["characters"] ?? "");
    case "street-and-locality-missing":
      return a.noStreet;
    case "postal-code-missing":
      return a.noPostalCode;
    case "postal-code-form":
      return a.postalCodeForm;
    case "town-missing":
      return a.noTown;
    default:
      return advice.code; // a rule newer than this page
  }
}

export function adviceOn(list: readonly Advice[], part: string): string[] {
  return list.filter((advice) => advice.part === part).map(words);
}
