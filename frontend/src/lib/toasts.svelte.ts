/** Short news at the foot of the screen: what was done, what came in. */
export interface Toast {
  id: number;
  text: string;
  tone: "info" | "good" | "bad";
  href: string | null;
}

const SHOWN = 6000;

class Toasts {
  items = $state<Toast[]>([]);
  #next = 1;

  say(text: string, tone: Toast["tone"] = "good", href: string | null = null): void {
    const id = this.#next++;
    this.items = [...this.items.slice(-2), { id, text, tone, href }];
    window.setTimeout(() => this.close(id), SHOWN);
  }

  close(id: number): void {
    this.items = this.items.filter((item) => item.id !== id);
  }
}

export const toasts = new Toasts();
