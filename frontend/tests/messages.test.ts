import { describe, expect, it } from "vitest";

import type { Dossier } from "../src/api/types";
import { en } from "../src/i18n/en";
import { fr } from "../src/i18n/fr";
import { plainError } from "../src/screens/messages/errors";
import { messageQuery, noFilters } from "../src/screens/messages/criteria";
import { because, preparedBy } from "../src/screens/messages/words";
import {
  holidays,
  OFF as NO_TIME,
  pickupPatch,
  typedPickup,
  unsoundPickup,
  withDates,
} from "../src/screens/settings/pickup";
import {
  dayFor,
  OFF,
  sendingPatch,
  shifted,
  stepFault,
  stepsOf,
  typedSending,
  unsoundSending,
} from "../src/screens/settings/sending";
import { insertedAt, placesOf } from "../src/screens/settings/template";

describe("what the other side said", () => {
  it.each([
    ["550 5.1.1 <a@b.fr>: Recipient address rejected: User unknown", "unknown_address"],
    ["452 4.2.2 The email account that you tried to reach is over quota", "full"],
    ["552 5.2.2 Mailbox full", "full"],
    ["550 5.7.26 This mail is unauthenticated: SPF and DKIM checks did not pass", "spam"],
    ["554 5.7.1 Message rejected as spam by Content Filtering", "spam"],
    ["535 5.7.8 Error: authentication failed", "login"],
    ["HTTP 401: bad token", "login"],
    ["HTTP 402: insufficient credit", "credit"],
    ["HTTP 422: invalid number", "bad_number"],
    ["421 4.7.0 Try again later", "busy"],
    ["451 4.3.0 Temporary local problem", "busy"],
    ["[Errno 111] Connect call failed ('127.0.0.1', 25)", "unreachable"],
    ["552 5.3.4 Message too big for system", "too_long"],
    ["nobody has ever said this", "other"],
  ])("%s", (said, meant) => {
    expect(plainError(said, "dead")).toBe(meant);
  });

  it("is of no use when the line broke after all was said", () => {
    expect(plainError("550 5.1.1 User unknown", "uncertain")).toBe("broken");
  });

  it("has its words in both languages", () => {
    for (const words of [fr, en]) for (const plain of Object.values(words.messages.plain)) expect(plain).toMatch(/\.$/);
  });
});

describe("why a message did not go out", () => {
  it("is the rule, else what the other side meant, shortly", () => {
    const message = { state: "sent", reason: null, error: null, attempts: 1 };
    expect(because({ ...message, state: "withheld", reason: "no_consent" }, fr)).toBe("n’a pas donné son accord");
    const refused = { ...message, state: "dead", error: "550 5.1.1 User unknown" };
    expect(because(refused, fr)).toBe("L’adresse n’existe pas chez son fournisseur de messagerie");
    expect(because(message, fr)).toBe("");
    // put off, it still says why; sent again by a person, it begins anew
    expect(because({ ...refused, state: "queued" }, fr)).not.toBe("");
    expect(because({ ...refused, state: "queued", attempts: 0 }, fr)).toBe("");
    // a rule newer than this page is shown as it came
    expect(because({ ...message, state: "withheld", reason: "moon" }, fr)).toBe("moon");
  });

  it("knows who had it sent", () => {
    expect(preparedBy("staff:0193", fr)).toBe("la librairie");
    expect(preparedBy("key:0193", fr)).toBe("un programme");
    expect(preparedBy("system", fr)).toBe("Comptoir, automatiquement");
  });
});

describe("the search of the outbox", () => {
  it("asks only for what is filled in", () => {
    expect(messageQuery(noFilters())).toEqual({});
    expect(
      messageQuery({
        name: " mart ",
        state: ["dead"],
        channel: "sms",
        event: "arrival",
        from: "2026-11-01",
        to: "2026-11-30",
      }),
    ).toEqual({
      name: "mart",
      state: ["dead"],
      channel: "sms",
      event: "arrival",
      day_from: "2026-11-01",
      day_to: "2026-11-30",
    });
  });
});

describe("a place put into a text", () => {
  it("goes where the hand is, over what is marked", () => {
    expect(insertedAt("Bonjour ,", "client", 8, 8)).toEqual({ text: "Bonjour {client},", caret: 16 });
    expect(insertedAt("Bonjour XX,", "client", 8, 10)).toEqual({ text: "Bonjour {client},", caret: 16 });
  });

  it("is one the message can fill", () => {
    expect(placesOf("last_call")).toContain("titres");
    expect(placesOf("last_call")).not.toContain("commande");
    expect(placesOf("order_confirmed")).toContain("commande");
    expect(placesOf("order_confirmed")).not.toContain("date_limite");
  });
});

const dossier = {
  messages: {
    channels: ["email", "sms"],
    steps: [
      { event: "arrival", after_days: 0 },
      { event: "reminder_1", after_days: 7 },
      { event: "last_call", after_days: 14 },
    ],
    automatic: ["arrival", "last_call"],
    grace_minutes: 15,
    from_hour: 9,
    to_hour: 19,
  },
  pickup: { days: 14, by_category: { ECOLE: 30 }, closed_weekdays: [7], closed_dates: ["2026-12-25"] },
  old_after_days: 14,
} as unknown as Dossier;

describe("the steps of the reminders", () => {
  const typed = typedSending(dossier);

  it("are the messages with a day, in the order in which they are heard", () => {
    expect(stepsOf(typed)).toEqual(["arrival", "reminder_1", "last_call"]);
    expect(unsoundSending(typed)).toEqual([]);
  });

  it("follow each other", () => {
    const late = { ...typed, "/messages/steps/reminder_1": "14" };
    expect(stepFault(late, "last_call")).toBe(14);
    expect(unsoundSending(late)).toEqual(["/messages/steps/last_call"]);
    expect(stepFault({ ...typed, "/messages/steps/reminder_1": "sept" }, "reminder_1")).toBe("none");
    expect(stepFault({ ...typed, "/messages/steps/reminder_1": "" }, "reminder_1")).toBe("none");
  });

  it("begin on a day that fits when one is added", () => {
    expect(dayFor(typed, "reminder_2")).toBe("10");
    expect(dayFor({ ...typed, "/messages/steps/last_call": OFF }, "reminder_2")).toBe("14");
    expect(dayFor({ ...typed, "/messages/steps/arrival": OFF }, "arrival")).toBe("0");
  });

  it("go to the server whole, the rest only when touched", () => {
    expect(sendingPatch({ ...typed, "/messages/steps/reminder_1": OFF }, ["/messages/steps/reminder_1"])).toEqual({
      messages: {
        steps: [
          { event: "arrival", after_days: 0 },
          { event: "last_call", after_days: 14 },
        ],
      },
    });
    expect(sendingPatch({ ...typed, "/messages/channels": "sms email" }, ["/messages/channels"])).toEqual({
      messages: { channels: ["sms", "email"] },
    });
    expect(sendingPatch({ ...typed, "/messages/to_hour": "20" }, ["/messages/to_hour"])).toEqual({
      messages: { to_hour: 20 },
    });
  });

  it("do not go out in hours that end before they begin", () => {
    expect(unsoundSending({ ...typed, "/messages/from_hour": "19" })).toEqual(["/messages/to_hour"]);
    expect(unsoundSending({ ...typed, "/messages/grace_minutes": "1,5" })).toEqual(["/messages/grace_minutes"]);
  });

  it("go out by the channel that stands first", () => {
    expect(shifted(["email", "sms"], "sms", -1)).toEqual(["sms", "email"]);
    expect(shifted(["email", "sms"], "email", -1)).toEqual(["email", "sms"]);
  });
});

describe("the pick-up time", () => {
  const typed = typedPickup(dossier);

  it("is sent as it is typed, the times by category together", () => {
    expect(pickupPatch({ ...typed, "/pickup/days": "21" }, ["/pickup/days"])).toEqual({ pickup: { days: 21 } });
    expect(
      pickupPatch({ ...typed, "/pickup/by_category/PRO": "60" }, ["/pickup/by_category/PRO"]).pickup?.by_category,
    ).toEqual({ ECOLE: 30, PRO: 60 });
    expect(
      pickupPatch({ ...typed, "/pickup/by_category/ECOLE": NO_TIME }, ["/pickup/by_category/ECOLE"]).pickup
        ?.by_category,
    ).toEqual({});
    expect(pickupPatch({ ...typed, "/old_after_days": "10" }, ["/old_after_days"])).toEqual({ old_after_days: 10 });
    expect(pickupPatch({ ...typed, "/pickup/closed_weekdays/1": true }, ["/pickup/closed_weekdays/1"])).toEqual({
      pickup: { closed_weekdays: [1, 7] },
    });
  });

  it("needs a day on which the shop is open, and numbers", () => {
    expect(unsoundPickup(typed)).toEqual([]);
    const closed = Object.fromEntries(
      [1, 2, 3, 4, 5, 6].map((day) => [`/pickup/closed_weekdays/${String(day)}`, true]),
    );
    expect(unsoundPickup({ ...typed, ...closed })).toEqual(["/pickup/closed_weekdays"]);
    expect(unsoundPickup({ ...typed, "/pickup/days": "366", "/old_after_days": "0" })).toEqual([
      "/pickup/days",
      "/old_after_days",
    ]);
  });

  it("takes dates once, in their order", () => {
    expect(withDates(typed, ["2026-11-01", "2026-12-25"])).toBe("2026-11-01 2026-12-25");
  });

  it("knows the public holidays", () => {
    // Easter Monday, Ascension and Whit Monday of two years, from the calendar
    expect(holidays(2026)).toEqual(expect.arrayContaining(["2026-04-06", "2026-05-14", "2026-05-25", "2026-07-14"]));
    expect(holidays(2027)).toEqual(expect.arrayContaining(["2027-03-29", "2027-05-06", "2027-05-17"]));
    expect(holidays(2026)).toHaveLength(11);
  });
});
