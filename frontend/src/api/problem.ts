/** A refusal or a failure, in words a bookseller can act on. The server's own words are kept as they are. */
import { i18n } from "../i18n/index.svelte";

export interface FieldError {
  detail: string;
  pointer: string;
}

export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly errors: FieldError[];

  constructor(status: number, code: string, title: string, detail: string, errors: FieldError[] = []) {
    super(detail || title);
    this.name = "ProblemError";
    this.status = status;
    this.code = code;
    this.title = title;
    this.errors = errors;
  }

  /** Nothing is known about the effect: the same request, with the same key, may be sent again. */
  get retryable(): boolean {
    if (this.code === "idempotency-in-progress") return true; // the first sending is still at work
    return (
      this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504
    );
  }

  get stale(): boolean {
    return this.status === 412;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Reads application/problem+json, and anything else a proxy may have put in its place. */
export function problemFrom(status: number, body: unknown): ProblemError {
  const t = i18n.t.problems;
  if (typeof body !== "object" || body === null)
    return new ProblemError(status, "unreadable", t.unexpected(status), "");
  const fields = body as Record<string, unknown>;
  const raw = Array.isArray(fields["errors"]) ? (fields["errors"] as unknown[]) : [];
  const errors = raw
    .filter((item): item is Record<string, unknown> => typeof item === "object" && item !== null)
    .map((item) => ({ detail: text(item["detail"]), pointer: text(item["pointer"]) }));
  const title = text(fields["title"]) || t.unexpected(status);
  return new ProblemError(status, text(fields["code"]), title, text(fields["detail"]), errors);
}

export function networkProblem(): ProblemError {
  const t = i18n.t.problems;
  return new ProblemError(0, "network", t.networkTitle, t.network);
}

/** Whatever was thrown, as a problem that can be shown. */
export function asProblem(reason: unknown): ProblemError {
  if (reason instanceof ProblemError) return reason;
  if (reason instanceof TypeError) return networkProblem();
  if (reason instanceof DOMException && reason.name === "TimeoutError") return networkProblem(); // waited long enough
  return new ProblemError(-1, "page", i18n.t.problems.page, String(reason));
}

/** The message of the field a JSON pointer names, if the problem points at it. */
export function fieldError(problem: ProblemError | null, pointer: string): string | null {
  const hit = problem?.errors.find((error) => error.pointer.replace(/^#/, "") === pointer);
  return hit ? hit.detail : null;
}
