/** Selecting rows as people have always done in Windows lists: click, Ctrl, Shift, arrows. Pure: no screen in here. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** where a Shift range starts */
  readonly anchor: string | null;
  /** where the keyboard is */
  readonly cursor: string | null;
}

export interface Keys {
  ctrl: boolean;
  shift: boolean;
}

export const NOTHING: Selection = { ids: new Set(), anchor: null, cursor: null };

function range(order: readonly string[], from: string, to: string): string[] {
  const a = order.indexOf(from);
  const b = order.indexOf(to);
  if (a < 0 || b < 0) return [to];
  return order.slice(Math.min(a, b), Math.max(a, b) + 1);
}

export function pick(now: Selection, order: readonly string[], id: string, keys: Keys): Selection {
  if (keys.shift) {
    const anchor = now.anchor ?? id;
    const reach = range(order, anchor, id);
    return { ids: new Set(keys.ctrl ? [...now.ids, ...reach] : reach), anchor, cursor: id };
  }
  if (keys.ctrl) {
    const ids = new Set(now.ids);
    if (!ids.delete(id)) ids.add(id);
    return { ids, anchor: id, cursor: id };
  }
  return { ids: new Set([id]), anchor: id, cursor: id };
}

export type Step = "up" | "down" | "home" | "end" | "pageUp" | "pageDown";

const PAGE = 10;

export function move(now: Selection, order: readonly string[], step: Step, keys: Keys): Selection {
  if (order.length === 0) return now;
  const at = now.cursor === null ? -1 : order.indexOf(now.cursor);
  const last = order.length - 1;
  const aim = {
    up: at < 0 ? last : at - 1,
    down: at + 1,
    home: 0,
    end: last,
    pageUp: at - PAGE,
    pageDown: at + PAGE,
  }[step];
  const id = order[Math.max(0, Math.min(last, aim))];
  if (id === undefined) return now;
  // Ctrl+arrow walks without selecting; Ctrl+Space then picks.
  if (keys.ctrl && !keys.shift) return { ...now, cursor: id };
  return pick(now, order, id, { ctrl: false, shift: keys.shift });
}

export function all(now: Selection, order: readonly string[]): Selection {
  return { ids: new Set(order), anchor: order[0] ?? null, cursor: now.cursor ?? order[0] ?? null };
}

/** After a refresh: what is gone from the list is gone from the selection, the rest stays. */
export function keep(now: Selection, order: readonly string[]): Selection {
  const there = new Set(order);
  const ids = new Set([...now.ids].filter((id) => there.has(id)));
  return {
    ids,
    anchor: now.anchor !== null && there.has(now.anchor) ? now.anchor : null,
    cursor: now.cursor !== null && there.has(now.cursor) ? now.cursor : null,
  };
}
