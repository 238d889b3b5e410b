/** An order as it is typed, before it is one; and what of it is asked and sent. Pure. */
import type { Article, OrderCreate, PriceQuery, SavedList } from "../../api/types";
import type { TypedLine } from "../../lib/lines";
import { NO_PRICE, priceOf, type TypedPrice } from "../order/price";

export const ORIGINS = ["counter", "article", "saved_list", "quote"] as const;
export type TypedOrigin = (typeof ORIGINS)[number];

export interface PricedLine extends TypedLine {
  asked: TypedPrice;
}

/** What the page must know of a customer before the order: may he order, and what is to be said. */
export interface Buyer {
  id: string;
  code: string;
  name: string;
  light: string;
  message: string | null;
  closedOn: string | null;
  approved: boolean;
}

export interface TypedOrder {
  free: boolean;
  customer: Buyer | null;
  name: string;
  firstName: string;
  phone: string;
  email: string;
  reference: string;
  comment: string;
  mailOrder: boolean;
  origin: TypedOrigin;
  quote: string;
  /** the name of the saved list that the lines came from */
  list: string;
  lines: PricedLine[];
}

export const BLANK: TypedOrder = {
  free: false,
  customer: null,
  name: "",
  firstName: "",
  phone: "",
  email: "",
  reference: "",
  comment: "",
  mailOrder: false,
  origin: "counter",
  quote: "",
  list: "",
  lines: [],
};

export function lineOf(article: Pick<Article, "ean" | "title" | "author" | "list_price">, quantity = 1): PricedLine {
  return {
    ean: article.ean,
    title: article.title,
    author: article.author,
    price: article.list_price,
    quantity,
    asked: NO_PRICE,
  };
}

/** The lines with those of a saved list added: the same book is more copies of it. */
export function withList(lines: readonly PricedLine[], list: Pick<SavedList, "lines">): PricedLine[] {
  return list.lines.reduce<PricedLine[]>(
    (all, added) =>
      all.some((line) => line.ean === added.ean)
        ? all.map((line) => (line.ean === added.ean ? { ...line, quantity: line.quantity + added.quantity } : line))
        : [...all, lineOf(added, added.quantity)],
    [...lines],
  );
}

/** Lines whose typed price or discount is none. */
export function unsound(typed: TypedOrder): PricedLine[] {
  return typed.lines.filter((line) => priceOf(line.asked) === null);
}

function wire(line: PricedLine): OrderCreate["lines"][number] {
  return { ean: line.ean, quantity: line.quantity, ...(priceOf(line.asked) ?? {}) };
}

/** What would it cost? Null while there is nothing to ask. */
export function question(typed: TypedOrder): PriceQuery | null {
  if (typed.lines.length === 0) return null;
  return {
    customer_id: typed.free ? null : (typed.customer?.id ?? null),
    mail_order: typed.mailOrder,
    lines: typed.lines.map(wire),
  };
}

export function orderBody(typed: TypedOrder): OrderCreate {
  const contact = {
    name: typed.name.trim(),
    ...(typed.firstName.trim() && { first_name: typed.firstName.trim() }),
    ...(typed.phone.trim() && { phone: typed.phone.trim() }),
    ...(typed.email.trim() && { email: typed.email.trim() }),
  };
  return {
    ...(!typed.free && typed.customer ? { customer_id: typed.customer.id } : { contact }),
    lines: typed.lines.map(wire),
    ...(typed.reference.trim() && { customer_reference: typed.reference.trim() }),
    ...(typed.comment.trim() && { comment: typed.comment.trim() }),
    mail_order: typed.mailOrder,
    origin: typed.origin,
    ...(typed.origin === "quote" && typed.quote.trim() && { quote_reference: typed.quote.trim() }),
  };
}
