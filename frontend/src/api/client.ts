/** The one door to the API: typed by the contract, with the session, the language and the problems taken care of. */
import createClient from "openapi-fetch";

import { i18n } from "../i18n/index.svelte";
import { networkProblem, problemFrom } from "./problem";
import type { paths } from "./schema";
import type { Me } from "./types";
import { session } from "./session.svelte";

const UNSAFE = new Set(["POST", "PUT", "PATCH", "DELETE"]);

function dressed(request: Request): Request {
  request.headers.set("Accept-Language", i18n.lang);
  if (UNSAFE.has(request.method) && session.csrf) request.headers.set("X-CSRF-Token", session.csrf);
  return request;
}

function opensSession(request: Request): boolean {
  const path = new URL(request.url).pathname;
  return path === "/v1/session" || (path === "/v1/me" && session.state === "unknown");
}

/** Sends; on 401 waits until somebody has logged in again, then sends the same thing once more: nothing typed is lost. */
async function send(request: Request): Promise<Response> {
  const spare = request.clone();
  const response = await fetch(dressed(request));
  if (opensSession(request)) return response;
  if (response.status === 403 && (await refusedToken(response))) await freshToken();
  else if (response.status === 401) await session.expired();
  else return response;
  return fetch(dressed(spare));
}

async function refusedToken(response: Response): Promise<boolean> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return typeof body === "object" && body !== null && "code" in body && body.code === "csrf";
}

/** Another tab has logged in again: the cookie is shared, the token is not. */
async function freshToken(): Promise<void> {
  const answer = await fetch("/v1/me", { credentials: "same-origin" });
  if (answer.ok) session.opened((await answer.json()) as Me);
}

export const client = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: "same-origin",
  fetch: send,
  // status=CO&status=BL, as the contract has it
  querySerializer: { array: { style: "form", explode: true } },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a good answer; anything else is thrown as a ProblemError. */
export async function take<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (reason) {
    if (reason instanceof TypeError) throw networkProblem();
    throw reason;
  }
  if (!answer.response.ok) throw problemFrom(answer.response.status, answer.error);
  return answer.data as T;
}

/** The precondition of every change to one record: the version the page last saw. */
export function ifMatch(version: number): { "if-match": string } {
  return { "if-match": `"${String(version)}"` };
}

export function newKey(): string {
  // randomUUID is only there on https and localhost; a shop's tablet may reach the till over plain http.
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
