import { describe, expect, it } from "vitest";

import { asProblem, fieldError, networkProblem, problemFrom } from "../src/api/problem";

const refused = {
  type: "about:blank",
  title: "Requête refusée",
  status: 422,
  detail: "Deux champs sont à revoir.",
  code: "invalid",
  request_id: "r1",
  errors: [
    { detail: "Ce n’est pas un EAN.", pointer: "/lines/0/ean" },
    { detail: "Au moins 1.", pointer: "#/lines/0/quantity" },
  ],
};

describe("a problem of the server", () => {
  it("keeps the server's own words", () => {
    const problem = problemFrom(422, refused);
    expect(problem.title).toBe("Requête refusée");
    expect(problem.message).toBe("Deux champs sont à revoir.");
  });

  it("puts each error beside its field", () => {
    const problem = problemFrom(422, refused);
    expect(fieldError(problem, "/lines/0/ean")).toBe("Ce n’est pas un EAN.");
    expect(fieldError(problem, "/lines/0/quantity")).toBe("Au moins 1.");
    expect(fieldError(problem, "/lines/1/ean")).toBeNull();
    expect(fieldError(null, "/lines/0/ean")).toBeNull();
  });

  it("is still a problem when it is not JSON", () => {
    expect(problemFrom(502, "<html>").title).toContain("502");
    expect(problemFrom(500, null).status).toBe(500);
    expect(problemFrom(500, { errors: "?" }).errors).toEqual([]);
  });

  it("may be sent again only when nothing is known of its effect", () => {
    expect(networkProblem().retryable).toBe(true);
    expect(problemFrom(503, { code: "try-again" }).retryable).toBe(true);
    expect(problemFrom(409, { code: "idempotency-in-progress" }).retryable).toBe(true);
    expect(problemFrom(409, { code: "out-of-stock" }).retryable).toBe(false);
    expect(problemFrom(404, { code: "unknown-article" }).retryable).toBe(false);
  });

  it("tells the network from a fault of the page", () => {
    expect(asProblem(new TypeError("fetch failed")).code).toBe("network");
    expect(asProblem(new Error("x")).code).toBe("page");
  });
});
