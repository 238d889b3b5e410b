import { describe, expect, it } from "vitest";

import type { Mailing } from "../src/api/types";
import { accounted, NO_ACCOUNT, portions } from "../src/screens/customers/mailing";
import {
  cells,
  FIRST_FREE,
  freeSheet,
  labelQuery,
  overflow,
  sheetOf,
  unsoundSheet,
  type Format,
  type Sheet,
  type TypedSheet,
} from "../src/screens/customers/labels";

describe("writing to many", () => {
  it("goes in portions of 200, each customer once", () => {
    const ids = Array.from({ length: 401 }, (_, at) => String(at));
    const parts = portions(ids);
    expect(parts.map((part) => part.length)).toEqual([200, 200, 1]);
    expect(parts.flat()).toEqual(ids);
    expect(portions([])).toEqual([]);
  });

  it("adds up who gets it and who does not, and why", () => {
    const portion = (names: [string, string][], messages: number): Mailing =>
      ({
        messages: messages ? [{ name: `premier de ${String(messages)}` }] : [],
        withheld: names.map(([name, reason]) => ({ name, reason })),
        counts: { messages, withheld: names.length, segments: messages * 2 },
      }) as unknown as Mailing;
    const account = [
      portion([["A", "no_sms"]], 0),
      portion(
        [
          ["B", "no_consent"],
          ["C", "no_consent"],
        ],
        3,
      ),
      portion([["D", "no_sms"]], 5),
      portion([["E", "no_sms"]], 0),
    ].reduce(accounted, NO_ACCOUNT);
    expect([account.messages, account.withheld, account.segments]).toEqual([8, 5, 16]);
    expect(account.held).toEqual([
      { reason: "no_sms", names: ["A", "D", "E"] },
      { reason: "no_consent", names: ["B", "C"] },
    ]);
    expect(account.sample?.name).toBe("premier de 3");
  });
});

function known(format: Format): Sheet {
  const sheet = sheetOf(format, FIRST_FREE);
  if (!sheet) throw new Error(`${format} is no sheet`);
  return sheet;
}

function free(change: Partial<TypedSheet> = {}): Sheet {
  const sheet = freeSheet({ ...FIRST_FREE, ...change });
  if (!sheet) throw new Error("a measure is none");
  return sheet;
}

describe("a sheet of labels", () => {
  it("has its labels side by side, counted from the left", () => {
    const places = cells(known("L7160"));
    expect(places).toHaveLength(21);
    expect(places.map((place) => place.number)).toEqual(Array.from({ length: 21 }, (_, at) => at + 1));
    expect(places[3]?.left).toBe(places[0]?.left);
    expect(places[1]?.top).toBe(places[0]?.top);
    expect(cells(known("L7159"))).toHaveLength(24);
    expect(cells(known("L7163"))).toHaveLength(14);
  });

  it.each(["L7160", "L7159", "L7163"] as const)("%s lies on A4", (format) => {
    expect(overflow(known(format))).toBeNull();
  });

  it("of one's own must lie on A4 too", () => {
    expect(overflow(free())).toBeNull();
    expect(overflow(free({ left_mm: "0,5" }))).toBe("tooWide");
    expect(overflow(free({ rows: "9" }))).toBe("tooHigh");
  });

  it("says which measure is none", () => {
    expect(unsoundSheet(FIRST_FREE)).toEqual([]);
    expect(unsoundSheet({ ...FIRST_FREE, columns: "0", width_mm: "", gap_x_mm: "-1" })).toEqual([
      "columns",
      "width_mm",
      "gap_x_mm",
    ]);
    expect(freeSheet({ ...FIRST_FREE, height_mm: "0" })).toBeNull();
  });

  it("asks for measures only where the server does not know them", () => {
    expect(labelQuery({ format: "L7163", start: 5, address: "main" }, FIRST_FREE)).toEqual({
      format: "L7163",
      start: 5,
      address: "main",
    });
    expect(
      labelQuery({ format: "free", start: 1, address: "billing" }, { ...FIRST_FREE, gap_x_mm: "2,5" }),
    ).toMatchObject({
      format: "free",
      columns: 2,
      gap_x_mm: "2.5",
    });
  });
});
