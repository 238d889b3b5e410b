/** What happens elsewhere in the shop, as it happens; and the truth about whether we would hear of it. */
import { client } from "./client";
import { session } from "./session.svelte";

export type LiveState = "live" | "reconnecting" | "offline";

export interface LiveEvent {
  type: string;
  order_id?: string | null;
  order_number?: number | null;
  reservation_id?: string | null;
  customer_id?: string | null;
  third_party_id?: string | null;
  supplier_order_id?: string | null;
  /** the colleague a flash is for */
  staff_id?: string | null;
  ean?: string | null;
  message_id?: string | null;
}

type Listener = (event: LiveEvent) => void;

const TYPES = [
  "order.created",
  "order.updated",
  "order.cancelled",
  "order.paid",
  "order.delivered",
  "order.returned",
  "order.reopened",
  "queue.reordered",
  "supplier_order.created",
  "supplier_order.updated",
  "supplier_order.validated",
  "supplier_order.cancelled",
  "reservation.set_aside",
  "reservation.collected",
  "reservation.returned",
  "reservation.written_off",
  "reservation.moved",
  "reservation.updated",
  "stock.received",
  "customer.created",
  "customer.updated",
  "customer.deleted",
  "customer.merged",
  "customer.unmerged",
  "customer.anonymised",
  "third_party.created",
  "third_party.updated",
  "third_party.deleted",
  "flash.sent",
  "message.queued",
  "message.sent",
  "message.dead",
  "settings.updated",
] as const;

const FIRST_RETRY = 1000;
const LONGEST_RETRY = 15_000;
const OFFLINE_AFTER = 8000;

class Live {
  state = $state<LiveState>("reconnecting");
  #source: EventSource | null = null;
  #listeners = new Set<Listener>();
  #retry = FIRST_RETRY;
  #retryTimer = 0;
  #offlineTimer = 0;
  #wasOpen = false;

  start(): void {
    if (this.#source) return;
    window.addEventListener("online", this.#reopen);
    window.addEventListener("offline", this.#cut);
    this.#open();
  }

  stop(): void {
    window.removeEventListener("online", this.#reopen);
    window.removeEventListener("offline", this.#cut);
    window.clearTimeout(this.#retryTimer);
    window.clearTimeout(this.#offlineTimer);
    this.#offlineTimer = 0;
    this.#source?.close();
    this.#source = null;
    this.#wasOpen = false;
  }

  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #open(): void {
    const source = new EventSource("/v1/events");
    this.#source = source;
    source.onopen = () => {
      window.clearTimeout(this.#offlineTimer);
      this.#offlineTimer = 0;
      this.#retry = FIRST_RETRY;
      this.state = "live";
      // The browser resumes by Last-Event-ID on its own; a fresh connection cannot, so screens read again.
      if (this.#wasOpen) this.#tell({ type: "resync" });
      this.#wasOpen = true;
    };
    source.onerror = () => {
      this.#lost();
      if (source.readyState === EventSource.CLOSED) void this.#later();
    };
    for (const type of TYPES) {
      source.addEventListener(type, (message: MessageEvent<string>) => {
        try {
          this.#tell({ ...(JSON.parse(message.data) as LiveEvent), type });
        } catch {
          this.#tell({ type: "resync" }); // unreadable news is still news
        }
      });
    }
  }

  #lost(): void {
    this.state = navigator.onLine ? (this.state === "offline" ? "offline" : "reconnecting") : "offline";
    this.#offlineTimer ||= window.setTimeout(() => {
      this.state = "offline";
    }, OFFLINE_AFTER);
  }

  /** The browser has given up (an HTTP error): ask why, so that an expired session brings the login. */
  async #later(): Promise<void> {
    const mine = this.#source;
    mine?.close();
    if (session.state === "in") await client.GET("/v1/me").catch(() => null);
    if (this.#source !== mine) return; // stopped or reopened meanwhile
    window.clearTimeout(this.#retryTimer);
    this.#retryTimer = window.setTimeout(this.#reopen, this.#retry);
    this.#retry = Math.min(this.#retry * 2, LONGEST_RETRY);
  }

  #reopen = (): void => {
    window.clearTimeout(this.#retryTimer);
    this.#source?.close();
    this.#open();
  };

  #cut = (): void => {
    this.#lost();
  };
}

export const live = new Live();
