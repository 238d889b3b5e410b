/** The analysis of articles in three levels, as a tree (A31, A44). Pure. */
import type { Category } from "../../api/types";

export const LEVELS = ["shop", "sector", "category"] as const;
export type Level = (typeof LEVELS)[number];

/** The level that stands above; a magasin has none. */
export const ABOVE: Readonly<Record<Level, Level | null>> = { shop: null, sector: "shop", category: "sector" };
export const BELOW: Readonly<Record<Level, Level | null>> = { shop: "sector", sector: "category", category: null };

export interface Branch {
  node: Category;
  level: Level;
  depth: number;
  children: Branch[];
}

/** A level newer than this page is taken as the lowest. */
export function levelOf(node: Category): Level {
  return LEVELS.find((level) => level === node.level) ?? "category";
}

function byCode(a: Category, b: Category): number {
  return a.code.localeCompare(b.code, "fr", { numeric: true });
}

/** What belongs to nothing stands at the top: the magasins first, then what has no parent, or one that is not there. */
export function treeOf(nodes: readonly Category[]): Branch[] {
  const codes = new Set(nodes.map((node) => node.code));
  const under = (parent: string, depth: number): Branch[] => branches((node) => node.parent === parent, depth);
  function branches(wanted: (node: Category) => boolean, depth: number): Branch[] {
    return nodes
      .filter(wanted)
      .sort(byCode)
      .map((node) => ({ node, level: levelOf(node), depth, children: under(node.code, depth + 1) }));
  }
  const roots = branches((node) => node.parent === null || !codes.has(node.parent), 0);
  return roots.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}

/** A tree as the lines of a list. */
export function flat(branches: readonly Branch[]): Branch[] {
  return branches.flatMap((branch) => [branch, ...flat(branch.children)]);
}

/** The nodes of one level, each with the label of what it belongs to. */
export function ofLevel(nodes: readonly Category[], level: Level): { code: string; label: string; parent: string }[] {
  const labels = new Map(nodes.map((node) => [node.code, node.label]));
  return nodes
    .filter((node) => levelOf(node) === level)
    .sort(byCode)
    .map((node) => ({ code: node.code, label: node.label, parent: labels.get(node.parent ?? "") ?? "" }));
}
