/** The language of the page: French first, remembered on this device. */
import { en } from "./en";
import { fr, type Catalogue } from "./fr";

export type Lang = "fr" | "en";

const KEY = "comptoir.lang";
const catalogues: Record<Lang, Catalogue> = { fr, en };

function remembered(): Lang {
  try {
    return localStorage.getItem(KEY) === "en" ? "en" : "fr";
  } catch {
    return "fr";
  }
}

class I18n {
  lang = $state<Lang>(remembered());

  get t(): Catalogue {
    return catalogues[this.lang];
  }

  use(lang: Lang): void {
    this.lang = lang;
    document.documentElement.lang = lang;
    try {
      localStorage.setItem(KEY, lang);
    } catch {
      // private browsing: the choice lasts as long as the page
    }
  }
}

export const i18n = new I18n();

/** The word for a value of the contract; a value newer than this page is shown as it came. */
export function word(words: Readonly<Record<string, string>>, value: string): string {
  return words[value] ?? value;
}
