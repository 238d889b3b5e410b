/** Records that hang on a card (contacts, RIB, addresses, notes, discounts): a short list, each with a form of its own. */
import { asProblem, type ProblemError } from "../../../api/problem";
import type { Typed } from "../form";
import { RecordForm, type RecordSource, type Versioned } from "../form.svelte";

export interface PartSource<T extends Versioned, Body, Patch> extends RecordSource<T, Body, Patch> {
  list: () => Promise<T[]>;
  remove: (record: T) => Promise<unknown>;
}

export class PartList<T extends Versioned, Body, Patch> {
  /** one form a record, in the order of the list */
  forms = $state.raw<RecordForm<T, Body, Patch>[]>([]);
  problem = $state.raw<ProblemError | null>(null);
  loaded = $state(false);
  /** which records are open, beside those with something typed in them */
  opened = $state.raw<ReadonlySet<string>>(new Set());
  /** where a new record is being typed */
  adding = $state.raw<ReadonlySet<string>>(new Set());
  /** the form of a new record, one for each place of the screen that can make one */
  readonly fresh: Readonly<Record<string, RecordForm<T, Body, Patch>>>;
  readonly source: PartSource<T, Body, Patch>;
  #name: string;
  #turn = 0;
  #wanted = false;

  /** `places`: what a new record starts with, by the place where it is added. */
  constructor(
    name: string,
    source: PartSource<T, Body, Patch>,
    places: Readonly<Record<string, Typed>> = { main: {} },
  ) {
    this.#name = name;
    this.source = source;
    this.fresh = Object.fromEntries(
      Object.entries(places).map(([place, start]) => [
        place,
        new RecordForm<T, Body, Patch>(`${name}.new.${place}`, { ...source, blank: { ...source.blank, ...start } }),
      ]),
    );
  }

  get #all(): RecordForm<T, Body, Patch>[] {
    return [...this.forms, ...Object.values(this.fresh)];
  }

  get dirty(): boolean {
    return this.#all.some((form) => form.dirty);
  }

  get records(): T[] {
    return this.forms.map((form) => form.record).filter((record) => record !== null);
  }

  isOpen(form: RecordForm<T, Body, Patch>): boolean {
    return form.dirty || (form.record !== null && this.opened.has(form.record.id));
  }

  isAdding(place: string): boolean {
    return this.adding.has(place) || this.fresh[place]?.dirty === true;
  }

  add(place: string): void {
    this.adding = new Set([...this.adding, place]);
  }

  stopAdding(form: RecordForm<T, Body, Patch>): void {
    this.adding = new Set([...this.adding].filter((place) => this.fresh[place] !== form));
  }

  open(id: string): void {
    this.opened = new Set([...this.opened, id]);
  }

  close(id: string): void {
    this.opened = new Set([...this.opened].filter((each) => each !== id));
  }

  /** Reads the list the first time it is shown. */
  need(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    void this.load();
  }

  refresh(): void {
    if (this.#wanted) void this.load();
  }

  async load(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const records = await this.source.list();
      if (turn !== this.#turn) return;
      const known = new Map(this.forms.map((form) => [form.record?.id, form]));
      this.forms = records.map((record) => {
        const form = known.get(record.id) ?? new RecordForm(`${this.#name}.${record.id}`, this.source, record);
        form.heard(record);
        return form;
      });
      this.problem = null;
      this.loaded = true;
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    }
  }

  async saveOne(form: RecordForm<T, Body, Patch>): Promise<T | null> {
    const isNew = form.record === null;
    const saved = await form.save();
    if (!saved) return null;
    this.close(saved.id);
    if (isNew) {
      form.record = null; // ready for the next new one
      this.stopAdding(form);
    }
    await this.load();
    return saved;
  }

  /** Everything typed in this list; false when something of it could not be saved. */
  async save(): Promise<boolean> {
    let good = true;
    for (const form of this.#all) {
      if (form.dirty && (await this.saveOne(form)) === null) good = false;
    }
    return good;
  }

  async remove(form: RecordForm<T, Body, Patch>): Promise<boolean> {
    if (!form.record) return false;
    try {
      await this.source.remove(form.record);
      form.discard();
      this.close(form.record.id);
      await this.load();
      return true;
    } catch (reason) {
      form.saveProblem = asProblem(reason);
      if (form.saveProblem.stale) await this.load();
      return false;
    }
  }
}
