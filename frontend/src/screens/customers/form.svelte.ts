/** One record being edited: what the server has, what is typed over it, and a 412 that loses neither. */
import { Attempt } from "../../api/attempt";
import { asProblem, fieldError, type ProblemError } from "../../api/problem";
import { Draft } from "../../lib/draft.svelte";
import {
  conflicts,
  decide,
  flagAt,
  outgoing,
  overlaid,
  textAt,
  touch,
  UNTOUCHED,
  type Conflict,
  type Touched,
  type Typed,
  type Value,
} from "./form";

export interface Versioned {
  id: string;
  version: number;
}

export type Key = { "idempotency-key": string };

export interface RecordSource<T extends Versioned, Body, Patch> {
  blank: Typed;
  textOf: (record: T) => Typed;
  read: (record: T) => Promise<T>;
  /** the body of a new record; throws a ProblemError for what cannot be sent (an amount that is none) */
  body: (text: Typed) => Body;
  create: (body: Body, key: Key) => Promise<T>;
  patch: (text: Typed, fields: string[]) => Patch;
  update: (record: T, patch: Patch) => Promise<T>;
}

/** What fields and boxes need of a form, whatever its record is. */
export interface AnyForm {
  readonly text: Typed;
  readonly dirty: boolean;
  readonly saving: boolean;
  readonly saveProblem: ProblemError | null;
  readonly conflicts: Conflict[];
  /** changes of somebody else that were kept beside ours in the last save */
  readonly kept: string[];
  type: (field: string, value: Value) => void;
  error: (field: string) => string | null;
  decide: (field: string, whose: "mine" | "theirs") => void;
  discard: () => void;
  save: () => Promise<unknown>;
}

const PATIENCE = 3;

export class RecordForm<T extends Versioned, Body, Patch> implements AnyForm {
  record = $state.raw<T | null>(null);
  saveProblem = $state.raw<ProblemError | null>(null);
  saving = $state(false);
  kept = $state.raw<string[]>([]);
  #draft: Draft<Touched>;
  #attempt: Attempt;
  #source: RecordSource<T, Body, Patch>;

  constructor(name: string, source: RecordSource<T, Body, Patch>, record: T | null = null) {
    this.#draft = new Draft(name);
    this.#attempt = new Attempt(name);
    this.#source = source;
    this.record = record;
  }

  get saved(): Typed {
    return this.record ? this.#source.textOf(this.record) : this.#source.blank;
  }

  get #touched(): Touched {
    return this.#draft.value ?? UNTOUCHED;
  }

  get text(): Typed {
    return overlaid(this.saved, this.#touched);
  }

  get dirty(): boolean {
    return this.#draft.value !== null;
  }

  get touchedFields(): string[] {
    return Object.keys(this.#touched);
  }

  get conflicts(): Conflict[] {
    return this.record ? conflicts(this.#touched, this.saved) : [];
  }

  string(field: string): string {
    return textAt(this.text, field);
  }

  flag(field: string): boolean {
    return flagAt(this.text, field);
  }

  error(field: string): string | null {
    return fieldError(this.saveProblem, field);
  }

  type(field: string, value: Value): void {
    this.#set(touch(this.#touched, this.saved, field, value));
  }

  decide(field: string, whose: "mine" | "theirs"): void {
    this.#set(decide(this.#touched, this.saved, field, whose));
  }

  #set(touched: Touched): void {
    if (Object.keys(touched).length === 0) this.#draft.clear();
    else this.#draft.set(touched);
  }

  discard(): void {
    this.#draft.clear();
    this.saveProblem = null;
  }

  /** News of the record from elsewhere: untouched fields show it, touched ones keep what is typed. An older answer is no news. */
  heard(record: T): void {
    if (!this.record || record.version >= this.record.version) this.record = record;
  }

  /** The saved record, or null when something stands in the way (said in `saveProblem` or `conflicts`). */
  async save(): Promise<T | null> {
    if (!this.dirty || this.saving) return null;
    this.saving = true;
    this.saveProblem = null;
    this.kept = [];
    const before = this.saved;
    try {
      const saved = this.record ? await this.#update(this.record) : await this.#create();
      if (!saved) return null;
      this.kept = this.#changedBeside(before);
      this.#draft.clear();
      this.record = saved;
      this.#attempt.heard(null);
      return saved;
    } catch (reason) {
      this.saveProblem = asProblem(reason);
      this.#attempt.heard(this.saveProblem);
      return null;
    } finally {
      this.saving = false;
    }
  }

  /** One field, at once, leaving the rest of the draft as it is. */
  async saveField(field: string, value: Value): Promise<boolean> {
    if (!this.record || this.saving) return false;
    this.saving = true;
    this.saveProblem = null;
    try {
      const saved = await this.#sent({ ...this.saved, [field]: value }, [field]);
      this.record = saved;
      this.decide(field, "theirs");
      return true;
    } catch (reason) {
      this.saveProblem = asProblem(reason);
      return false;
    } finally {
      this.saving = false;
    }
  }

  #changedBeside(before: Typed): string[] {
    const mine = new Set(this.touchedFields);
    return Object.entries(this.saved)
      .filter(([field, value]) => before[field] !== value && !mine.has(field))
      .map(([field]) => field);
  }

  async #create(): Promise<T> {
    const body = this.#source.body(this.text);
    return this.#source.create(body, this.#attempt.header(body));
  }

  /** Null: somebody else has changed a field that is being typed; the person at the screen chooses. */
  async #update(record: T): Promise<T | null> {
    let current = record;
    for (let attempt = 0; ; attempt += 1) {
      if (this.conflicts.length) return null;
      const fields = outgoing(this.#touched, this.saved);
      if (fields.length === 0) return current;
      try {
        return await this.#source.update(current, this.#source.patch(this.text, fields));
      } catch (reason) {
        if (!asProblem(reason).stale || attempt >= PATIENCE) throw reason;
        current = await this.#source.read(current);
        this.record = current;
      }
    }
  }

  async #sent(text: Typed, fields: string[]): Promise<T> {
    let current = this.record as T;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#source.update(current, this.#source.patch(text, fields));
      } catch (reason) {
        if (!asProblem(reason).stale || attempt >= PATIENCE) throw reason;
        current = await this.#source.read(current);
      }
    }
  }
}
