/** One message of the outbox, and what can be decided about it. */
import { client, ifMatch, newKey, take } from "../../api/client";
import { asProblem, type ProblemError } from "../../api/problem";
import type { Message, Reservation } from "../../api/types";
import { i18n } from "../../i18n/index.svelte";

export type Decision = "retry" | "drop";

/** Reservations of one message that are shown by their titles; a message speaks of few. */
const SHOWN = 20;

export function canRetry(message: Message): boolean {
  return message.state === "dead" || message.state === "uncertain";
}

export function canDrop(message: Message): boolean {
  return canRetry(message) || message.state === "queued";
}

export function decided(message: Message, decision: Decision): Promise<Message> {
  const params = {
    path: { message_id: message.id },
    header: { ...ifMatch(message.version), "idempotency-key": newKey() },
  };
  return take(
    decision === "retry"
      ? client.POST("/v1/messages/{message_id}/retry", { params })
      : client.POST("/v1/messages/{message_id}/drop", { params }),
  );
}

export class MessageRecordState {
  readonly id: string;
  message = $state.raw<Message | null>(null);
  reservations = $state.raw<Reservation[]>([]);
  problem = $state.raw<ProblemError | null>(null);
  /** a decision found the message changed: said once, after the fresh one is shown */
  notice = $state("");
  #turn = 0;

  constructor(id: string) {
    this.id = id;
  }

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const message = await take(
        client.GET("/v1/messages/{message_id}", { params: { path: { message_id: this.id } } }),
      );
      const reservations = await Promise.all(
        message.reservation_ids.slice(0, SHOWN).map((id) => this.#reservation(id)),
      );
      if (turn !== this.#turn) return;
      this.message = message;
      this.reservations = reservations.filter((each) => each !== null);
      this.problem = null;
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    }
  }

  /** Null when done; a 412 shows the fresh message and asks to decide again. */
  async decide(decision: Decision): Promise<ProblemError | null> {
    if (!this.message) return null;
    this.notice = "";
    try {
      const message = await decided(this.message, decision);
      this.#turn += 1;
      this.message = message;
      return null;
    } catch (reason) {
      const problem = asProblem(reason);
      if (!problem.stale && problem.code !== "message-gone") return problem;
      await this.load();
      this.notice = i18n.t.messages.changedMeanwhile;
      return null;
    }
  }

  /** Who may see messages need not see reservations. */
  #reservation(id: string): Promise<Reservation | null> {
    return take(client.GET("/v1/reservations/{reservation_id}", { params: { path: { reservation_id: id } } })).catch(
      () => null,
    );
  }
}
