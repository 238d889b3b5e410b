/** Bons de réserve: the paper this tablet prints them on, and the note that a slip was printed. */
import { client, ifMatch, take } from "../api/client";
import type { Reservation } from "../api/types";
import { printer } from "./print.svelte";

export type SlipFormat = "till" | "a6";
export const SLIP_FORMATS: SlipFormat[] = ["till", "a6"];

const KEY = "comptoir.slip";

function remembered(): SlipFormat {
  try {
    return localStorage.getItem(KEY) === "a6" ? "a6" : "till";
  } catch {
    return "till";
  }
}

class Slips {
  format = $state<SlipFormat>(remembered());

  use(format: SlipFormat): void {
    this.format = format;
    try {
      localStorage.setItem(KEY, format);
    } catch {
      // private browsing: the choice lasts as long as the page
    }
  }

  url(slip_url: string): string {
    return `${slip_url}?format=${this.format}`;
  }

  /** Opens to print; the reservation then knows that its slip is out. */
  print(reservation: Pick<Reservation, "id" | "version" | "slip_url">): void {
    printer.print(this.url(reservation.slip_url), () => void this.#note(reservation));
  }

  async #note({ id, version }: Pick<Reservation, "id" | "version">): Promise<void> {
    const path = { reservation_id: id };
    const note = (seen: number): Promise<unknown> =>
      take(
        client.PATCH("/v1/reservations/{reservation_id}", {
          params: { path, header: ifMatch(seen) },
          body: { slip_printed: true },
        }),
      );
    try {
      await note(version).catch(async () => {
        const now = await take(client.GET("/v1/reservations/{reservation_id}", { params: { path } }));
        if (now.state === "set_aside" && !now.slip_printed_at) await note(now.version);
      });
    } catch {
      // the slip is in the hand: without the note it is only offered for printing once more
    }
  }
}

export const slips = new Slips();
