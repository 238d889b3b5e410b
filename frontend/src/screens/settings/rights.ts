/** The rights of a user, in the terms a bookseller ticks them. Pure. */
import { flagAt, textAt, type Typed } from "../customers/form";

export const AREAS = ["orders", "customers", "reservations", "articles", "supply", "messages", "invoices"] as const;
export type Area = (typeof AREAS)[number];
export type Level = "none" | "read" | "write";

export interface Rights {
  /** everything, settings included */
  all: boolean;
  areas: Record<Area, Level>;
  /** gives the administrative visa */
  approve: boolean;
  /** blanks a person for good (RGPD) */
  anonymise: boolean;
  /** takes back the end of an order */
  reopen: boolean;
  /** changes the order of a queue */
  queue: boolean;
  /** sees the statistics; nothing of them is changed */
  statistics: boolean;
  /** the confidentiality codes whose cards he sees; "*" for all */
  confidential: string[];
  /** scopes this page knows nothing of: kept as they are */
  other: string[];
}

const ADMIN = "admin";
const APPROVE = "customers:approve";
const ANONYMISE = "customers:anonymise";
const REOPEN = "orders:reopen";
const QUEUE = "orders:queue";
const STATISTICS = "statistics:read";
const CLEARED = "confidential:";

function level(scopes: ReadonlySet<string>, area: Area): Level {
  if (scopes.has(`${area}:*`) || scopes.has(`${area}:write`)) return "write";
  return scopes.has(`${area}:read`) ? "read" : "none";
}

export function rightsOf(scopes: readonly string[]): Rights {
  const held = new Set(scopes);
  const known = new Set([
    ADMIN,
    APPROVE,
    ANONYMISE,
    REOPEN,
    QUEUE,
    STATISTICS,
    "statistics:*",
    ...AREAS.flatMap((area) => [`${area}:*`, `${area}:read`, `${area}:write`]),
  ]);
  return {
    all: held.has(ADMIN),
    areas: {
      orders: level(held, "orders"),
      customers: level(held, "customers"),
      reservations: level(held, "reservations"),
      articles: level(held, "articles"),
      supply: level(held, "supply"),
      messages: level(held, "messages"),
      invoices: level(held, "invoices"),
    },
    // customers:* stands for every scope of its area
    approve: held.has(APPROVE) || held.has("customers:*"),
    anonymise: held.has(ANONYMISE) || held.has("customers:*"),
    reopen: held.has(REOPEN) || held.has("orders:*"),
    queue: held.has(QUEUE) || held.has("orders:*"),
    statistics: held.has(STATISTICS) || held.has("statistics:*"),
    confidential: scopes.filter((scope) => scope.startsWith(CLEARED)).map((scope) => scope.slice(CLEARED.length)),
    other: scopes.filter((scope) => !known.has(scope) && !scope.startsWith(CLEARED)),
  };
}

/** Who may write may read: both scopes are said, so that nobody must know it. */
export function scopesOf(rights: Rights): string[] {
  const areas = AREAS.flatMap((area) => {
    if (rights.areas[area] === "none") return [];
    return rights.areas[area] === "read" ? [`${area}:read`] : [`${area}:read`, `${area}:write`];
  });
  const codes = rights.confidential.includes("*") ? ["*"] : rights.confidential;
  return [
    ...(rights.all ? [ADMIN] : []),
    ...areas,
    ...(rights.approve ? [APPROVE] : []),
    ...(rights.anonymise ? [ANONYMISE] : []),
    ...(rights.reopen ? [REOPEN] : []),
    ...(rights.queue ? [QUEUE] : []),
    ...(rights.statistics ? [STATISTICS] : []),
    ...codes.map((code) => `${CLEARED}${code}`),
    ...rights.other,
  ];
}

// as fields of a form -----------------------------------------------------------------------------------------------

export const RIGHTS = "/rights/";
const OTHER = `${RIGHTS}other`;
const CONFIDENTIAL = `${RIGHTS}confidential`;

export function typedRights(scopes: readonly string[]): Typed {
  const rights = rightsOf(scopes);
  return {
    [`${RIGHTS}all`]: rights.all,
    ...Object.fromEntries(AREAS.map((area) => [`${RIGHTS}${area}`, rights.areas[area]])),
    [`${RIGHTS}approve`]: rights.approve,
    [`${RIGHTS}anonymise`]: rights.anonymise,
    [`${RIGHTS}reopen`]: rights.reopen,
    [`${RIGHTS}queue`]: rights.queue,
    [`${RIGHTS}statistics`]: rights.statistics,
    [CONFIDENTIAL]: [...rights.confidential].sort().join("\n"),
    [OTHER]: [...rights.other].sort().join("\n"),
  };
}

/** The confidentiality codes ticked. */
export function confidentialOf(text: Typed): string[] {
  return textAt(text, CONFIDENTIAL).split("\n").filter(Boolean);
}

export function typedScopes(text: Typed): string[] {
  const chosen = (area: Area): Level => {
    const typed = textAt(text, `${RIGHTS}${area}`);
    return typed === "read" || typed === "write" ? typed : "none";
  };
  return scopesOf({
    all: flagAt(text, `${RIGHTS}all`),
    areas: {
      orders: chosen("orders"),
      customers: chosen("customers"),
      reservations: chosen("reservations"),
      articles: chosen("articles"),
      supply: chosen("supply"),
      messages: chosen("messages"),
      invoices: chosen("invoices"),
    },
    approve: flagAt(text, `${RIGHTS}approve`),
    anonymise: flagAt(text, `${RIGHTS}anonymise`),
    reopen: flagAt(text, `${RIGHTS}reopen`),
    queue: flagAt(text, `${RIGHTS}queue`),
    statistics: flagAt(text, `${RIGHTS}statistics`),
    confidential: confidentialOf(text),
    other: textAt(text, OTHER).split("\n").filter(Boolean),
  });
}
