/**
 * Scans that have no answer yet, on this device: the copy is in somebody's hand. One entry of the storage for each, so that two
 * tabs never write over each other's; without a storage they live as long as the page.
 */
export interface KeptScan {
  /** also the Idempotency-Key */
  key: string;
  ean: string;
  at: string;
  /** the shop it was made in: it is never sent to another */
  dossier: string;
}

const PREFIX = "comptoir.scan.";

function read(text: string | null): KeptScan | null {
  try {
    const kept: unknown = JSON.parse(text ?? "null");
    if (typeof kept !== "object" || kept === null) return null;
    const { key, ean, at, dossier } = kept as Partial<KeptScan>;
    return key && ean && at && dossier ? { key, ean, at, dossier } : null;
  } catch {
    return null; // written by something else
  }
}

export class KeptScans {
  #storage: () => Storage;

  constructor(storage: () => Storage) {
    this.#storage = storage;
  }

  keep(scan: KeptScan): void {
    try {
      this.#storage().setItem(PREFIX + scan.key, JSON.stringify(scan));
    } catch {
      // full or forbidden: it lives as long as the page
    }
  }

  /** It has its answer. False: another tab had heard it before, and has printed its slip. */
  settle(key: string): boolean {
    try {
      const storage = this.#storage();
      const there = storage.getItem(PREFIX + key) !== null;
      storage.removeItem(PREFIX + key);
      return there;
    } catch {
      return true;
    }
  }

  /** Those of a shop, in the order they were made. */
  of(dossier: string): KeptScan[] {
    try {
      const storage = this.#storage();
      const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
      return keys
        .filter((name) => name.startsWith(PREFIX))
        .map((name) => read(storage.getItem(name)))
        .filter((scan): scan is KeptScan => scan?.dossier === dossier)
        .sort((a, b) => a.at.localeCompare(b.at));
    } catch {
      return [];
    }
  }
}
