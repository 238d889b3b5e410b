/** A list as every screen has it: filters, sort, pages by cursor, number of records, selection; kept while one looks elsewhere. */
import { asProblem, type ProblemError } from "../api/problem";
import { keep, NOTHING, type Selection } from "./selection";

export interface Page<Row> {
  items: Row[];
  next?: string | null;
}

export interface Count {
  count: number;
  capped: boolean;
}

export interface Window<Sort extends string> {
  limit: number;
  cursor?: string;
  sort?: Sort;
}

export interface Source<Row, Filters, Sort extends string> {
  page: (filters: Filters, window: Window<Sort>) => Promise<Page<Row>>;
  count: (filters: Filters) => Promise<Count>;
}

const PAGE = 50;
const LARGEST = 200;
const TYPING = 220;
const NEWS = 150;

function cursorOf(next: string | null | undefined): string | null {
  return next ? new URL(next, window.location.origin).searchParams.get("cursor") : null;
}

export class RecordList<Row extends { id: string }, Filters extends object, Sort extends string> {
  items = $state.raw<Row[]>([]);
  count = $state.raw<Count | null>(null);
  filters: Filters;
  /** null: the order the list has by nature (see `naturalSort`). */
  sort = $state<Sort | null>(null);
  selection = $state.raw<Selection>(NOTHING);
  loading = $state(false);
  problem = $state.raw<ProblemError | null>(null);
  loaded = $state(false);
  moreCursor = $state<string | null>(null);
  scrollTop = $state(0);

  #source: Source<Row, Filters, Sort>;
  #naturalSort: (filters: Filters) => Sort;
  #turn = 0;
  #timer = 0;

  constructor(source: Source<Row, Filters, Sort>, filters: Filters, naturalSort: (filters: Filters) => Sort) {
    this.#source = source;
    this.filters = $state(filters);
    this.#naturalSort = naturalSort;
  }

  get effectiveSort(): Sort {
    return this.sort ?? this.#naturalSort(this.filters);
  }

  get hasMore(): boolean {
    return this.moreCursor !== null;
  }

  get order(): string[] {
    return this.items.map((item) => item.id);
  }

  get selected(): Row[] {
    return this.items.filter((item) => this.selection.ids.has(item.id));
  }

  sortBy(column: string): void {
    // the columns name what the contract sorts by; their titles do not know its type
    this.sort = (this.effectiveSort === column ? `-${column}` : column) as Sort;
    void this.search();
  }

  /** After a key stroke: search when the hand rests. */
  soon(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.search(), TYPING);
  }

  /** After an event: read again in place, once for a burst of events. */
  news(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.refresh(), NEWS);
  }

  async search(): Promise<void> {
    this.scrollTop = 0;
    await this.#read(PAGE);
  }

  /** Same filters, same reach: rows change in place, selection and scroll stay. */
  async refresh(): Promise<void> {
    if (!this.loaded) return this.search();
    await this.#read(Math.max(PAGE, this.items.length));
  }

  async more(): Promise<void> {
    const cursor = this.moreCursor;
    if (cursor === null || this.loading) return;
    const turn = this.#turn;
    this.loading = true;
    try {
      const page = await this.#source.page(this.filters, { limit: PAGE, cursor, sort: this.effectiveSort });
      if (turn !== this.#turn) return;
      const known = new Set(this.order);
      this.items = [...this.items, ...page.items.filter((item) => !known.has(item.id))];
      this.moreCursor = cursorOf(page.next);
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }

  async #read(reach: number): Promise<void> {
    window.clearTimeout(this.#timer);
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const sort = this.effectiveSort;
      const counting = this.#source.count(this.filters);
      counting.catch(() => null); // reported below, together with the page
      const items: Row[] = [];
      let cursor: string | null = null;
      do {
        const limit = Math.min(LARGEST, reach - items.length);
        const window: Window<Sort> = cursor === null ? { limit, sort } : { limit, sort, cursor };
        const page: Page<Row> = await this.#source.page(this.filters, window);
        items.push(...page.items);
        cursor = cursorOf(page.next);
      } while (cursor !== null && items.length < reach);
      const count = await counting;
      if (turn !== this.#turn) return;
      this.items = items;
      this.moreCursor = cursor;
      this.count = count;
      this.selection = keep(this.selection, this.order);
      this.problem = null;
      this.loaded = true;
    } catch (reason) {
      if (turn === this.#turn) this.problem = asProblem(reason);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }
}
