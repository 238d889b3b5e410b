/** Scans on their way. The next never waits for the last; each has its own key, so sending again never takes two copies. */
import { client, ifMatch, newKey, take } from "../../api/client";
import { live } from "../../api/live.svelte";
import { asProblem, type ProblemError } from "../../api/problem";
import { session } from "../../api/session.svelte";
import type { Customer, Reservation, Scan } from "../../api/types";
import { code } from "../../lib/format";
import { slips } from "../../lib/slip.svelte";
import { sound } from "../../lib/sound";
import { KeptScans } from "./kept";

export interface ScanEntry {
  /** also the Idempotency-Key */
  key: string;
  ean: string;
  at: string;
  state: "pending" | "set_aside" | "nobody_waits" | "customer" | "error";
  /** the network failed at least once: kept, and sent again */
  kept: boolean;
  scan: Scan | null;
  /** as it is now: for somebody else, after a hand has moved it */
  reservation: Reservation | null;
  /** no book: the card whose barcode it is */
  customer: Customer | null;
  problem: ProblemError | null;
  surplus: "here" | "released" | "none";
}

const HISTORY = 50;
const FIRST_RETRY = 1000;
const LONGEST_RETRY = 20_000;
/** Longer than the slowest answer: a line that has died without saying so is one that failed. */
const PATIENCE = 15_000;

function begun(scan: { key: string; ean: string; at: string }, kept: boolean): ScanEntry {
  return {
    ...scan,
    kept,
    state: "pending",
    scan: null,
    reservation: null,
    customer: null,
    problem: null,
    surplus: "none",
  };
}

class Scans {
  entries = $state<ScanEntry[]>([]);
  #kept = new KeptScans(() => localStorage);
  #inFlight = new Set<string>();
  #retry = FIRST_RETRY;
  #timer = 0;

  constructor() {
    live.on((event) => {
      if (event.type === "resync") this.flush();
    });
    window.addEventListener("online", () => this.flush());
    // What was kept before a reload goes out as soon as somebody of that shop is there.
    $effect.root(() => {
      $effect(() => {
        const dossier = session.me?.dossier.code;
        if (dossier !== undefined) window.setTimeout(() => this.#restore(dossier), 0);
      });
    });
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
    const scan = { key: newKey(), ean, at: new Date().toISOString() };
    this.#show([begun(scan, false)]);
    const dossier = session.me?.dossier.code;
    if (dossier !== undefined) this.#kept.keep({ ...scan, dossier });
    void this.#send(scan.key);
  }

  /** Sends again what the network kept back, one after the other in the order of the scans. */
  flush(): void {
    window.clearTimeout(this.#timer);
    void this.#again(this.entries.filter((entry) => entry.state === "pending" && entry.kept).map((entry) => entry.key));
  }

  /** A hand gave the copy to somebody else. */
  moved(key: string, reservation: Reservation): void {
    this.#change(key, { reservation });
  }

  /** The copy on order that the line no longer needs is meant for it no more (C7). Throws a ProblemError. */
  async release(entry: ScanEntry): Promise<void> {
    const { order, line } = entry.scan ?? {};
    if (!order || !line) return;
    const fresh = await take(client.GET("/v1/orders/{order_id}", { params: { path: { order_id: order.id } } }));
    await take(
      client.POST("/v1/orders/{order_id}/lines/{line_id}/release-supply", {
        params: {
          path: { order_id: order.id, line_id: line.id },
          header: { ...ifMatch(fresh.version), "idempotency-key": `${entry.key}-surplus` },
        },
      }),
    );
    this.#change(entry.key, { surplus: "released" });
  }

  async #again(keys: string[]): Promise<void> {
    for (const key of keys.reverse()) {
      await this.#send(key);
      if (this.#find(key)?.state === "pending") return; // still no line: the rest waits with it
    }
  }

  async #send(key: string): Promise<void> {
    const entry = this.#find(key);
    if (entry?.state !== "pending" || this.#inFlight.has(key)) return;
    this.#inFlight.add(key);
    try {
      const call = client.POST("/v1/scans", {
        params: { header: { "idempotency-key": key } },
        body: { ean: entry.ean },
        signal: AbortSignal.timeout(PATIENCE),
      });
      this.#answered(key, await take(call));
    } catch (reason) {
      await this.#refused(key, asProblem(reason));
    } finally {
      this.#inFlight.delete(key);
    }
  }

  #answered(key: string, scan: Scan): void {
    this.#retry = FIRST_RETRY;
    const mine = this.#kept.settle(key);
    const { reservation } = scan;
    this.#change(key, {
      scan,
      reservation,
      state: reservation ? "set_aside" : "nobody_waits",
      surplus: scan.surplus ? "here" : "none",
    });
    if (!reservation) return sound.nobody();
    sound.found();
    if (mine) slips.print(reservation);
  }

  async #refused(key: string, problem: ProblemError): Promise<void> {
    if (problem.retryable) {
      this.#change(key, { kept: true });
      this.#later();
      return;
    }
    this.#retry = FIRST_RETRY;
    this.#kept.settle(key);
    const customer = await this.#holder(this.#find(key)?.ean ?? "");
    if (customer) {
      this.#change(key, { state: "customer", customer });
      sound.found();
    } else {
      this.#change(key, { state: "error", problem });
      sound.problem();
    }
  }

  /** Whose card it is, when it is no book. */
  async #holder(gencod: string): Promise<Customer | null> {
    if (!/^[0-9A-Z]{6,}$/.test(gencod)) return null;
    try {
      const page = await take(client.GET("/v1/customers", { params: { query: { gencod, limit: 2 } } }));
      return page.items.length === 1 ? (page.items[0] ?? null) : null;
    } catch {
      return null; // the scan was refused, and that is said
    }
  }

  #find(key: string): ScanEntry | undefined {
    return this.entries.find((item) => item.key === key);
  }

  #change(key: string, change: Partial<ScanEntry>): void {
    const entry = this.#find(key);
    if (entry) Object.assign(entry, change);
  }

  /** What waits for an answer is never dropped from the list, however long it grows. */
  #show(scans: ScanEntry[]): void {
    this.entries = [...scans, ...this.entries].filter((entry, at) => at < HISTORY || entry.state === "pending");
  }

  #later(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.flush(), this.#retry);
    this.#retry = Math.min(this.#retry * 2, LONGEST_RETRY);
  }

  #restore(dossier: string): void {
    const known = new Set(this.entries.map((entry) => entry.key));
    const stored = this.#kept.of(dossier).filter((scan) => !known.has(scan.key));
    this.#show(stored.reverse().map(({ key, ean, at }) => begun({ key, ean, at }, true)));
    this.flush();
  }
}

export const scans = new Scans();
