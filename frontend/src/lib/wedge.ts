/**
 * Tells a scanner from a hand. A keyboard-wedge scanner types a whole code in a few milliseconds a key and ends with Enter;
 * nobody types ten digits that fast.
 */
const LONGEST_GAP = 60;
const SHORTEST_CODE = 8;
const HANDOVER = 400;

export class WedgeDetector {
  #digits = "";
  #last = 0;

  /** Feed each key with its time; the code comes out with the Enter that ends a scan, otherwise null. */
  feed(key: string, at: number): string | null {
    const quick = at - this.#last <= LONGEST_GAP;
    this.#last = at;
    if (key === "Enter") {
      const scanned = quick && this.#digits.length >= SHORTEST_CODE ? this.#digits : null;
      this.#digits = "";
      return scanned;
    }
    if (!/^[0-9X]$/.test(key)) {
      if (key !== "Shift") this.#digits = ""; // some scanners press Shift around digits on a French layout
      return null;
    }
    this.#digits = quick ? this.#digits + key : key;
    return null;
  }

  /** The digits of a scan under way, for the field that has just appeared and will hear the rest. */
  take(at: number): string {
    const digits = at - this.#last <= HANDOVER ? this.#digits : "";
    this.#digits = "";
    return digits;
  }
}

/** The ear of the whole page. */
export const wedge = new WedgeDetector();
