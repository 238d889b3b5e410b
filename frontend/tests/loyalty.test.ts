import { describe, expect, it } from "vitest";

import type { Article, Loyalty, Prices } from "../src/api/types";
import { en } from "../src/i18n/en";
import { fr } from "../src/i18n/fr";
import { parseCount, parseSigned, roundOf, shareOf, signed } from "../src/screens/customers/loyalty/words";
import { leaves, put, scanned, voucherBody } from "../src/screens/customers/loyalty/voucher";
import { monthsAgo, purchaseQuery } from "../src/screens/customers/purchases";
import {
  BLANK_PROGRAM,
  loyaltyPatch,
  PROGRAMS,
  programInput,
  programsOf,
  stepped,
  unsoundProgram,
} from "../src/screens/settings/loyalty";

const euros = (amount: string) => ({ amount, currency: "EUR" as const });

function card(changes: Partial<Loyalty>): Loyalty {
  return {
    customer_id: "cus_1",
    active: true,
    number: null,
    started_on: null,
    program: {
      code: "F",
      label: "Fidélité",
      kind: "purchases",
      percent: "5.00",
      every: 10,
      threshold: null,
      expires_after_months: null,
      voucher_note: null,
    },
    balance: euros("8.65"),
    available: euros("5.00"),
    purchases: 17,
    base: euros("173.00"),
    under_way: { purchases: 7, base: euros("73.00"), amount: euros("3.65") },
    to_go: { purchases: 3, base: null },
    owed: euros("0.00"),
    rewards: 1,
    expires_next: null,
    ...changes,
  };
}

describe("where a loyalty card stands", () => {
  it("is said as a bookseller reads it at the till", () => {
    expect(roundOf(card({}), fr)).toBe("7 achats sur 10, encore 3");
    expect(roundOf(card({}), en)).toBe("7 purchases out of 10, 3 to go");
    expect(shareOf(card({}))).toBeCloseTo(0.7);
  });

  it("is said in euros where the program counts them", () => {
    const program = { ...card({}).program, kind: "amount", every: null, threshold: euros("150.00") };
    const counted = card({ program: program as Loyalty["program"], to_go: { purchases: null, base: euros("77.00") } });
    expect(roundOf(counted, fr)).toBe("73,00\u00a0€ sur 150,00\u00a0€, encore 77,00\u00a0€");
    expect(shareOf(counted)).toBeCloseTo(73 / 150);
  });

  it("is not said without a program", () => {
    expect(roundOf(card({ program: null }), fr)).toBeNull();
    expect(shareOf(card({ program: null }))).toBe(0);
  });
});

describe("what is typed in the ledger", () => {
  it.each([
    ["1,25", "1.25"],
    ["-1,25", "-1.25"],
    ["− 1 234,5 €", "-1234.50"],
    ["+3", "3.00"],
    ["beaucoup", null],
    ["--3", null],
  ])("%s is %s", (typed, sent) => {
    expect(parseSigned(typed)).toBe(sent);
  });

  it("counts purchases in whole numbers, taken back too", () => {
    expect([parseCount("2"), parseCount("−1"), parseCount("1,5"), parseCount("")]).toEqual([2, -1, null, null]);
  });

  it("shows its entries with their signs", () => {
    expect([signed(euros("1.25")), signed(euros("-1.25")), signed(euros("0.00"))]).toEqual([
      "+1,25\u00a0€",
      "−1,25\u00a0€",
      "0,00\u00a0€",
    ]);
  });
});

describe("a reward used on a ticket", () => {
  const book = { ean: "9782871427827", title: "PAPA-LOUP", list_price: euros("10.00") } as Article;
  const priced = (unit: string) => ({ ean: book.ean, unit_price: euros(unit) }) as Prices["lines"][number];

  it("takes the same book scanned again as one copy more", () => {
    const lines = scanned(scanned([], book), book);
    expect(lines).toEqual([{ ean: book.ean, title: "PAPA-LOUP", quantity: 2, list: euros("10.00"), amount: "20,00" }]);
    expect(put(lines, book.ean, 3)[0]?.amount).toBe("30,00");
  });

  it("says what the law leaves of a line: its price above the least one", () => {
    const [line] = scanned([], book);
    expect(line && leaves(line, priced("9.50"))).toEqual(euros("0.50"));
    expect(line && leaves({ ...line, amount: "9,50" }, priced("9.50"))).toEqual(euros("0.00"));
    expect(line && leaves({ ...line, quantity: 2, amount: "20" }, priced("9.50"))).toEqual(euros("1.00"));
    expect(line && leaves({ ...line, amount: "?" }, priced("9.50"))).toBeNull();
    expect(line && leaves(line, undefined)).toBeNull();
  });

  it("is sent with the ticket and its numbered lines; an empty amount asks for all that may be", () => {
    const lines = scanned([], book);
    expect(voucherBody(" T7 ", lines, "")).toEqual({
      reference: "T7",
      amount: null,
      lines: [{ reference: "T7-1", ean: book.ean, quantity: 1, amount: { amount: "10.00" } }],
    });
    expect(voucherBody("T7", lines, "0,5")?.amount).toEqual({ amount: "0.50" });
    expect(voucherBody("T7", lines, "tout")).toBeNull();
    expect(voucherBody("T7", [{ ...lines[0], amount: "x" } as (typeof lines)[0]], "")).toBeNull();
  });
});

describe("the list of purchases", () => {
  it("is asked for a period and an article", () => {
    expect(purchaseQuery({ from: "", to: "", ean: "" })).toEqual({});
    expect(purchaseQuery({ from: "2026-01-01", to: "2026-02-01", ean: "978-2-87142-782-7" })).toEqual({
      from: "2026-01-01",
      to: "2026-02-01",
      ean: "9782871427827",
    });
  });

  it("goes back so many months, to the last day where there is no such day", () => {
    expect(monthsAgo(12, "2026-11-22")).toBe("2025-11-22");
    expect(monthsAgo(12, "2028-02-29")).toBe("2027-02-28");
    expect(monthsAgo(1, "2026-03-31")).toBe("2026-02-28");
    expect(monthsAgo(3, "2026-01-15")).toBe("2025-10-15");
  });
});

describe("the loyalty programs", () => {
  const good = { ...BLANK_PROGRAM, code: "F", label: "Fidélité" };

  it("are sent as the contract has them", () => {
    expect(programInput({ ...good, expires: "24", note: " Merci " })).toEqual({
      code: "F",
      label: "Fidélité",
      kind: "purchases",
      percent: "5.00",
      every: 10,
      threshold: null,
      expires_after_months: 24,
      voucher_note: "Merci",
    });
    expect(programInput({ ...good, kind: "amount", threshold: "150", percent: "2,5 %" })).toMatchObject({
      percent: "2.50",
      every: null,
      threshold: { amount: "150.00" },
      expires_after_months: null,
    });
  });

  it("say what is wrong with them before anything is sent", () => {
    expect(unsoundProgram(good, [good])).toEqual([]);
    expect(unsoundProgram({ ...good, percent: "5,01" }, [])).toEqual(["percent"]);
    expect(unsoundProgram({ ...good, percent: "0" }, [])).toEqual(["percent"]);
    expect(unsoundProgram({ ...good, every: "0" }, [])).toEqual(["every"]);
    expect(unsoundProgram({ ...good, kind: "amount", threshold: "0" }, [])).toEqual(["threshold"]);
    expect(unsoundProgram({ ...good, expires: "x" }, [])).toEqual(["expires"]);
    expect(unsoundProgram({ ...good, code: "", label: "" }, [])).toEqual(["code", "label"]);
    expect(unsoundProgram(good, [good, { ...good }])).toEqual(["code"]);
  });

  it("go whole, in their order: the first one is the shop's own", () => {
    const other = { ...good, code: "G", label: "Grand" };
    const text = { [PROGRAMS]: JSON.stringify(stepped([good, other], 1, -1)) };
    expect(programsOf(text).map((each) => each.code)).toEqual(["G", "F"]);
    expect(loyaltyPatch(text).loyalty?.programs?.map((each) => each.code)).toEqual(["G", "F"]);
  });
});
