/** Paper that opens to print by itself, one after the other, without a window to close. */
const LOAD_LIMIT = 8000;
const KEEP = 60_000;

class Printer {
  count = $state(0);
  #last: Promise<void> = Promise.resolve();

  /** `ondone` hears when the paper has opened to print, not when it could not be loaded. */
  print(url: string, ondone?: () => void): void {
    this.#last = this.#last.then(() => this.#one(url, ondone));
  }

  #one(url: string, ondone?: () => void): Promise<void> {
    return new Promise((next) => {
      const frame = document.createElement("iframe");
      frame.title = "";
      frame.setAttribute("aria-hidden", "true");
      frame.tabIndex = -1;
      frame.className = "print-frame";
      const limit = window.setTimeout(next, LOAD_LIMIT);
      frame.onload = () => {
        window.clearTimeout(limit);
        try {
          frame.contentWindow?.focus();
          frame.contentWindow?.print();
          this.count += 1;
          ondone?.();
        } catch {
          // a browser that shows PDFs outside the page: the link « Imprimer le bon » stays
        }
        // Taking the frame away at once would close the print window it has just opened.
        window.setTimeout(() => frame.remove(), KEEP);
        next();
      };
      frame.src = url;
      document.body.append(frame);
    });
  }
}

export const printer = new Printer();
