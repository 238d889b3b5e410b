import { describe, expect, it } from "vitest";

import type { Reservation } from "../src/api/types";
import { en } from "../src/i18n/en";
import { fr } from "../src/i18n/fr";
import { byPerson, daysAside, silent, taken } from "../src/screens/reservations/actions";
import { chipsOf } from "../src/screens/reservations/chips";
import {
  everything,
  inReserve,
  listed,
  LISTS,
  listOf,
  MARKS,
  reservationQuery,
  WORDS,
} from "../src/screens/reservations/criteria";

function row(id: string, quantity: number, customer_id: string | null = null, customer_name = "MARTIN"): Reservation {
  return { id, quantity, customer_id, customer_name } as Reservation;
}

describe("what is asked of the reservation search", () => {
  it("is everything without a criterion", () => {
    expect(reservationQuery(everything())).toEqual({});
  });

  it("names each criterion as the contract does", () => {
    const query = reservationQuery({
      name: " martin ",
      title: "papa",
      customer_code: "C12",
      place: "Casier 4",
      ean: "978-2-8714-2782-7",
      number: "n° 46 407",
      from: "2026-01-10",
      to: "2026-01-10",
      deadlineFrom: "2026-02-01",
      deadlineTo: "2026-02-28",
      state: ["returned"],
      cause: "expired",
      marks: [...MARKS],
    });
    expect(query).toEqual({
      name: "martin",
      title: "papa",
      customer_code: "C12",
      place: "Casier 4",
      ean: "9782871427827",
      order_number: 46407,
      set_aside_from: "2026-01-09T23:00:00.000Z",
      set_aside_to: "2026-01-10T23:00:00.000Z",
      deadline_from: "2026-02-01",
      deadline_to: "2026-02-28",
      state: ["returned"],
      end_cause: ["expired"],
      mail_order: true,
      digital: true,
      by_hand: true,
      expired: true,
      old: true,
      to_remind: true,
      cancel_requested: true,
    });
  });

  it("leaves out what is only blanks", () => {
    for (const key of WORDS) expect(reservationQuery({ ...everything(), [key]: "  " })).toEqual({});
  });
});

describe("the lists of the day", () => {
  it.each(Object.keys(LISTS) as (keyof typeof LISTS)[])("know %s by its criteria, and only it", (name) => {
    expect(listOf(listed(name))).toBe(name);
    expect(listed(name).state).toEqual(["set_aside"]);
    expect(listOf({ ...listed(name), name: "martin" })).toBeNull();
  });

  it("do not know a search that leaves the reserve", () => {
    expect(listOf(everything())).toBeNull();
    expect(listOf(inReserve())).toBe("kept");
  });
});

describe("the filter chips", () => {
  it.each([fr, en])("say each criterion, and drop that one", ({ reservations }) => {
    let searched = 0;
    const filters = {
      ...inReserve(),
      name: "martin",
      deadlineTo: "2026-02-28",
      cause: "expired" as const,
      marks: ["old" as const, "by_hand" as const],
    };
    const chips = chipsOf(filters, reservations, () => (searched += 1));
    expect(chips.map((chip) => chip.key)).toEqual(["name", "deadlineTo", "set_aside", "cause", "old", "by_hand"]);
    for (const chip of chips) chip.drop();
    expect(filters).toEqual(everything());
    expect(searched).toBe(chips.length);
  });

  it("say a day as the shop writes it", () => {
    const [chip] = chipsOf({ ...everything(), from: "2026-01-31" }, fr.reservations, () => undefined);
    expect(chip?.text).toBe("Mise en réserve du 31/01/2026");
  });
});

describe("a part of what is set aside", () => {
  const rows = [row("a", 3), row("b", 1), row("c", 2)];

  it("is all of it as long as nobody says otherwise", () => {
    expect(taken(rows, {})).toEqual({ reservation_ids: ["a", "b", "c"], parts: [] });
  });

  it("names only those of which fewer are taken, and leaves out those of which none is", () => {
    expect(taken(rows, { a: 2, b: 0, c: 2 })).toEqual({
      reservation_ids: ["a", "c"],
      parts: [{ reservation_id: "a", quantity: 2 }],
    });
  });

  it("is nothing when nothing is taken", () => {
    expect(taken(rows, { a: 0, b: 0, c: 0 })).toEqual({ reservation_ids: [], parts: [] });
  });
});

describe("what stands together", () => {
  it("is what one person waits for, and two of one name without a card are one", () => {
    const rows = [row("a", 1, "cus_1"), row("b", 1, null, "DUPONT"), row("c", 1, "cus_1"), row("d", 1, null, "DUPONT")];
    expect(byPerson(rows).map((person) => person.rows.map((each) => each.id))).toEqual([
      ["a", "c"],
      ["b", "d"],
    ]);
  });

  it("keeps a card and a free name of the same words apart", () => {
    expect(byPerson([row("a", 1, "cus_1", "MARTIN"), row("b", 1, null, "MARTIN")])).toHaveLength(2);
  });
});

describe("who hears nothing", () => {
  it("is said once for each reason, however many copies wait", () => {
    const one = (customer_id: string | null, name: string, reason: string) => ({ customer_id, name, reason });
    const withheld = [
      one("cus_1", "A", "told_today"),
      one("cus_1", "A", "told_today"),
      one("cus_1", "A", "no_sms"),
      one(null, "B", "no_address"),
      one(null, "C", "no_address"),
    ];
    expect(silent(withheld).map(({ name, reason }) => [name, reason])).toEqual([
      ["A", "told_today"],
      ["A", "no_sms"],
      ["B", "no_address"],
      ["C", "no_address"],
    ]);
  });
});

describe("how long a copy is aside", () => {
  it("counts the days of the shop's calendar", () => {
    const noon = new Date("2026-01-20T12:00:00Z");
    expect(daysAside("2026-01-05T12:00:00Z", noon)).toBe(15);
    expect(daysAside("2026-01-05T22:59:59Z", noon)).toBe(15);
    expect(daysAside("2026-01-05T23:00:00Z", noon)).toBe(14); // past midnight in Paris
    expect(daysAside("2026-03-28T12:00:00Z", new Date("2026-03-30T06:00:00Z"))).toBe(2); // a day of 23 hours
    expect(daysAside("2026-01-21T00:00:00Z", noon)).toBe(0);
  });
});
