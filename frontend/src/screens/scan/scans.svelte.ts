/** Scans on their way. The next never waits for the last; each has its own key, so sending again never takes two copies. */
import { client, newKey, take } from "../../api/client";
import { live } from "../../api/live.svelte";
import { asProblem, type ProblemError } from "../../api/problem";
import type { Scan } from "../../api/types";
import { code } from "../../lib/format";
import { printer } from "../../lib/print.svelte";
import { sound } from "../../lib/sound";

export interface ScanEntry {
  /** also the Idempotency-Key */
  key: string;
  ean: string;
  at: string;
  state: "pending" | "set_aside" | "nobody_waits" | "error";
  /** the network failed at least once: kept, and sent again */
  kept: boolean;
  scan: Scan | null;
  problem: ProblemError | null;
}

const STORE = "comptoir.scans";
const HISTORY = 50;
const FIRST_RETRY = 1000;
const LONGEST_RETRY = 20_000;

class Scans {
  entries = $state<ScanEntry[]>([]);
  #retry = FIRST_RETRY;
  #timer = 0;

  constructor() {
    this.#restore();
    live.on((event) => {
      if (event.type === "resync") this.flush();
    });
    window.addEventListener("online", () => this.flush());
  }

  get pending(): number {
    return this.entries.filter((entry) => entry.state === "pending").length;
  }

  get latest(): ScanEntry | null {
    return this.entries[0] ?? null;
  }

  scan(typed: string): void {
    const ean = code(typed);
    if (!ean) return;
    const key = newKey();
    const entry: ScanEntry = {
      key,
      ean,
      at: new Date().toISOString(),
      state: "pending",
      kept: false,
      scan: null,
      problem: null,
    };
    this.entries = [entry, ...this.entries.slice(0, HISTORY - 1)];
    this.#store();
    void this.#send(key);
  }

  /** Sends again what the network kept back. */
  flush(): void {
    window.clearTimeout(this.#timer);
    for (const entry of this.entries) if (entry.state === "pending" && entry.kept) void this.#send(entry.key);
  }

  async #send(key: string): Promise<void> {
    const entry = this.entries.find((item) => item.key === key);
    if (!entry) return;
    try {
      const scan = await take(
        client.POST("/v1/scans", { params: { header: { "idempotency-key": key } }, body: { ean: entry.ean } }),
      );
      this.#retry = FIRST_RETRY;
      this.#settle(key, { scan, state: scan.outcome === "set_aside" ? "set_aside" : "nobody_waits" });
      if (scan.outcome === "set_aside") {
        sound.found();
        if (scan.slip_url) printer.print(scan.slip_url);
      } else {
        sound.nobody();
      }
    } catch (reason) {
      const problem = asProblem(reason);
      if (problem.retryable) {
        this.#settle(key, { kept: true });
        this.#later();
        return;
      }
      this.#settle(key, { state: "error", problem });
      sound.problem();
    }
  }

  #settle(key: string, change: Partial<ScanEntry>): void {
    const entry = this.entries.find((item) => item.key === key);
    if (entry) Object.assign(entry, change);
    this.#store();
  }

  #later(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.flush(), this.#retry);
    this.#retry = Math.min(this.#retry * 2, LONGEST_RETRY);
  }

  /** Only what is not answered yet outlives a reload: the copy is in somebody's hand. */
  #store(): void {
    const waiting = this.entries
      .filter((entry) => entry.state === "pending")
      .map(({ key, ean, at }) => ({ key, ean, at }));
    try {
      if (waiting.length) localStorage.setItem(STORE, JSON.stringify(waiting));
      else localStorage.removeItem(STORE);
    } catch {
      // no storage: they live as long as the page
    }
  }

  #restore(): void {
    try {
      const stored = JSON.parse(localStorage.getItem(STORE) ?? "[]") as Pick<ScanEntry, "key" | "ean" | "at">[];
      this.entries = stored.map((item) => ({ ...item, state: "pending", kept: true, scan: null, problem: null }));
    } catch {
      this.entries = [];
    }
  }
}

export const scans = new Scans();
