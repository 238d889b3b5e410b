import { describe, expect, it } from "vitest";

import {
  code,
  date,
  dateTime,
  dayStart,
  grouped,
  looksLikeCode,
  money,
  parseAmount,
  rate,
  remaining,
  shopDay,
  sum,
  weight,
} from "../src/lib/format";

const euros = (amount: string) => ({ amount, currency: "EUR" as const });
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

describe("an amount", () => {
  it.each([
    ["0.00", "0,00 €"],
    ["12.3", "12,30 €"],
    ["1234.56", "1 234,56 €"],
    ["-1234567.80", "-1 234 567,80 €"],
    ["99999999.99", "99 999 999,99 €"],
  ])("%s reads %s", (amount, shown) => {
    expect(plain(money(euros(amount)))).toBe(shown);
  });

  it("never breaks over two lines", () => {
    expect(money(euros("1234.56"))).not.toContain(" ");
  });

  it.each([
    ["12,30", "12.30"],
    ["1 234,5 €", "1234.50"],
    ["7", "7.00"],
    ["0.1", "0.10"],
    ["", null],
    ["-3", null],
    ["1,234", null],
    ["douze", null],
  ])("typed as %j means %j", (typed, meant) => {
    expect(parseAmount(typed)).toBe(meant);
  });

  it("is subtracted without a float, and never owes less than nothing", () => {
    expect(remaining(euros("0.30"), euros("0.10")).amount).toBe("0.20");
    expect(remaining(euros("90071992547409.93"), euros("0.01")).amount).toBe("90071992547409.92");
    expect(remaining(euros("1.00"), euros("2.00")).amount).toBe("0.00");
  });

  it("is added by quantity", () => {
    const total = sum([
      { price: euros("12.20"), quantity: 3 },
      { price: euros("0.05"), quantity: 1 },
    ]);
    expect(total.amount).toBe("36.65");
  });
});

describe("a number", () => {
  it("is grouped by thousands", () => {
    expect(plain(grouped(55338))).toBe("55 338");
    expect(grouped(999)).toBe("999");
    expect(plain(grouped(10000))).toBe("10 000");
  });

  it("shows a weight in grams, from a kilogram on in kilograms", () => {
    expect([1, 820, 999, 1000, 1240, 1001, 2500, 12050000].map(weight).map(plain)).toEqual([
      "1 g",
      "820 g",
      "999 g",
      "1 kg",
      "1,24 kg",
      "1,001 kg",
      "2,5 kg",
      "12 050 kg",
    ]);
  });

  it("shows a rate in percent", () => {
    expect(plain(rate("5.50"))).toBe("5,5 %");
    expect(plain(rate("20.00"))).toBe("20 %");
  });
});

describe("a date", () => {
  it("is the shop's day, whatever the clock of the device", () => {
    expect(date("2017-09-20T22:00:00.000000Z")).toBe("21/09/2017");
    expect(date("2019-12-10")).toBe("10/12/2019");
    expect(dateTime("2026-11-21T09:05:00Z")).toBe("21/11/2026 10:05");
  });

  it("is blank when there is none, and itself when it is not one", () => {
    expect(date(null)).toBe("");
    expect(date("bientôt")).toBe("bientôt");
  });

  it("starts and ends at the shop's midnight, in summer, in winter and when the clocks change", () => {
    expect(dayStart("2026-07-14")).toBe("2026-07-13T22:00:00.000Z");
    expect(dayStart("2026-12-25")).toBe("2026-12-24T23:00:00.000Z");
    expect(dayStart("2026-03-29")).toBe("2026-03-28T23:00:00.000Z");
    expect(dayStart("2026-03-29", 1)).toBe("2026-03-29T22:00:00.000Z");
    expect(dayStart("2026-10-25", 1)).toBe("2026-10-25T23:00:00.000Z");
  });

  it("gives today in the shop", () => {
    expect(shopDay(0, new Date("2026-11-20T23:30:00Z"))).toBe("2026-11-21");
    expect(shopDay(-1, new Date("2026-11-21T10:00:00Z"))).toBe("2026-11-20");
  });
});

describe("a code", () => {
  it("loses its spaces and hyphens", () => {
    expect(code(" 978-2-211 21708-8 ")).toBe("9782211217088");
    expect(code("2-07-036822-x")).toBe("207036822X");
  });

  it("is told from the words of a title", () => {
    expect(looksLikeCode("9782211217088")).toBe(true);
    expect(looksLikeCode("207036822X")).toBe(true);
    expect(looksLikeCode("1984")).toBe(false);
    expect(looksLikeCode("manger un loup")).toBe(false);
  });
});
