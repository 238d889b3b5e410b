/** The order of a table's values, as positions on the wire. Pure. */
export interface Placed {
  code: string;
  position: number;
}

/**
 * The positions to write so that ``code`` goes one step up (-1) or down (1): only of the values that move, and of those whose
 * number does not yet say where they stand (two values may share one after an import).
 */
export function moved(values: readonly Placed[], code: string, step: -1 | 1): Placed[] {
  const from = values.findIndex((value) => value.code === code);
  const to = from + step;
  const here = values[from];
  const there = values[to];
  if (!here || !there) return [];
  const after = values.map((value, index) => (index === from ? there : index === to ? here : value));
  const rising = values.every((value, index) => index === 0 || value.position > (values[index - 1]?.position ?? 0));
  // with distinct numbers the two change places; otherwise everybody gets the number of his place
  const numbers = values.map((value, index) => (rising ? value.position : index + 1));
  return after
    .map((value, index) => ({ value, position: numbers[index] ?? index + 1 }))
    .filter(({ value, position }) => value.position !== position)
    .map(({ value, position }) => ({ code: value.code, position }));
}

/** The values that answer what is typed: in the code, or in either label, accents and case aside. */
export function matching<Value extends { code: string; label: string; label_en: string | null }>(
  values: readonly Value[],
  typed: string,
): Value[] {
  const wanted = plain(typed);
  if (!wanted) return [...values];
  return values.filter((value) => plain(`${value.code} ${value.label} ${value.label_en ?? ""}`).includes(wanted));
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/œ/gi, "oe").trim().toLowerCase();
}
