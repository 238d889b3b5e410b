/** What is typed and not yet saved. It outlives a wrong tap, another screen and a reload of this tab. */
export class Draft<T extends object> {
  #key: string;
  #value = $state<T | null>(null);

  constructor(key: string) {
    this.#key = `comptoir.draft.${key}`;
    try {
      const stored = sessionStorage.getItem(this.#key);
      if (stored) this.#value = JSON.parse(stored) as T;
    } catch {
      this.#value = null; // unreadable or forbidden: start clean
    }
  }

  get value(): T | null {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(value));
    } catch {
      // storage full or forbidden: the text stays on screen
    }
  }

  clear(): void {
    this.#value = null;
    try {
      sessionStorage.removeItem(this.#key);
    } catch {
      // nothing was stored then
    }
  }
}
