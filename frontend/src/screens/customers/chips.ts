/** The criteria of the customer search in words, one chip each. */
import type { Catalogue } from "../../i18n/fr";
import { date } from "../../lib/format";
import { categories } from "../settings/categories.svelte";
import {
  articleCode,
  BOUGHT,
  COUNTS,
  FLAGS,
  meaning,
  monthDay,
  TEXTS,
  wholeNumber,
  type BoughtName,
  type CountName,
  type CustomerFilters,
} from "./criteria";
import { tables } from "./tables.svelte";

export interface CriterionChip {
  key: string;
  text: string;
  /** what is emptied when the chip is dropped */
  fields: (keyof CustomerFilters)[];
}

export function chipsOf(f: CustomerFilters, t: Catalogue): CriterionChip[] {
  const words = t.customers;
  const chips: CriterionChip[] = [];
  const chip = (key: keyof CustomerFilters, text: string, ...more: (keyof CustomerFilters)[]): void => {
    chips.push({ key, text, fields: [key, ...more] });
  };
  const typed = f.q.trim();
  if (typed) chip("q", `${words.meant[meaning(typed)]} : ${typed}`);
  const labels: Record<(typeof TEXTS)[number], string> = {
    code: words.code,
    gencod: words.gencod,
    postal_code: words.postalCode,
    town: words.town,
    email: words.email,
    phone: words.phone,
    siret: words.siret,
    category: words.category,
    country: words.country,
  };
  for (const name of TEXTS) {
    const text = f[name].trim();
    if (!text) continue;
    const shown =
      name === "category"
        ? tables.word("categories", text)
        : name === "country"
          ? tables.word("countries", text)
          : text;
    chip(name, `${labels[name]} : ${shown}`);
  }
  if (f.light) chip("light", `${words.light} : ${t.customer.lights[f.light]}`);
  const from = monthDay(f.birthdayFrom) ? f.birthdayFrom.trim() : "";
  const to = monthDay(f.birthdayTo) ? f.birthdayTo.trim() : "";
  if (from || to) chip("birthdayFrom", words.birthdayBetween(from || to, to || from), "birthdayTo");
  if (f.noContactSince) chip("noContactSince", `${words.noContactSince} ${date(f.noContactSince)}`);
  const w = words.bought;
  if (f.purchasedFrom || f.purchasedTo)
    chip("purchasedFrom", w.between(date(f.purchasedFrom), date(f.purchasedTo)), "purchasedTo");
  if (articleCode(f.purchasedEan)) chip("purchasedEan", `${w.ean} : ${f.purchasedEan.trim()}`);
  if (f.purchasedCategories.length)
    chip(
      "purchasedCategories",
      `${w.categories} : ${f.purchasedCategories.map((each) => categories.label(each)).join(", ")}`,
    );
  for (const name of Object.keys(BOUGHT) as BoughtName[])
    if (f[name].trim()) chip(name, `${w.texts[name]} : ${f[name].trim()}`);
  for (const name of Object.keys(COUNTS) as CountName[]) {
    const number = wholeNumber(f[name]);
    if (number !== null) chip(name, w.countChips[name](number));
  }
  for (const name of FLAGS) {
    if (f[name]) chip(name, `${words.flags[name]} : ${f[name] === "yes" ? t.common.yesWord : t.common.noWord}`);
  }
  return chips;
}
