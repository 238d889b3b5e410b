/** Short news at the foot of the screen: what was done, what came in. */
export interface Toast {
  id: number;
  text: string;
  tone: "info" | "good" | "bad";
  href: string | null;
}

/** What one has done oneself is known; what comes from elsewhere takes longer to read. */
const SHOWN = { good: 4000, info: 9000, bad: 9000 };

class Toasts {
  items = $state<Toast[]>([]);
  #next = 1;

  say(text: string, tone: Toast["tone"] = "good", href: string | null = null): void {
    const id = this.#next++;
    this.items = [...this.items.slice(-2), { id, text, tone, href }];
    window.setTimeout(() => this.close(id), SHOWN[tone]);
  }

  close(id: number): void {
    this.items = this.items.filter((item) => item.id !== id);
  }
}

export const toasts = new Toasts();
