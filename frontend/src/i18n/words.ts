/** What both catalogues need: the shape of the words, and one against several. */
import { grouped } from "../lib/format";

/** The shape of a catalogue: the same keys, any words; what takes arguments takes the same ones. */
export type Words<T> = T extends string
  ? string
  : T extends (...args: infer Args) => string
    ? (...args: Args) => string
    : { readonly [Key in keyof T]: Words<T[Key]> };

/** French counts zero as one. */
export function manyFr(count: number, one: string, several: string): string {
  return `${grouped(count)} ${count > 1 ? several : one}`;
}

export function manyEn(count: number, one: string, several: string): string {
  return `${grouped(count)} ${count === 1 ? one : several}`;
}
