/** A queue as a hand puts it in another order. A line that is begun keeps its place before whoever was behind it. Pure. */
interface Place {
  line_id: string;
  begun: boolean;
}

/** The queue with one line a step further up (-1) or down (+1); the same where that is not allowed. */
export function stepped<P extends Place>(items: readonly P[], line_id: string, by: -1 | 1): readonly P[] {
  const at = items.findIndex((item) => item.line_id === line_id);
  const to = at + by;
  const [mine, other] = [items[at], items[to]];
  if (!mine || !other || !mayStep(items, line_id, by)) return items;
  const next = [...items];
  next[at] = other;
  next[to] = mine;
  return next;
}

/** Whether the line may change places with its neighbour: nobody passes a line that is begun. */
export function mayStep(items: readonly Place[], line_id: string, by: -1 | 1): boolean {
  const at = items.findIndex((item) => item.line_id === line_id);
  const [mine, other] = [items[at], items[at + by]];
  if (!mine || !other) return false;
  return by === -1 ? !other.begun : !mine.begun;
}
