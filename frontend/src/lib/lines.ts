import type { Money } from "../api/types";

/** A line that is being typed: an article and how many copies. */
export interface TypedLine {
  ean: string;
  title: string;
  author: string | null;
  price: Money;
  quantity: number;
}
