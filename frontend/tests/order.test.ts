import { describe, expect, it } from "vitest";

import type { Order, SupplierOrder } from "../src/api/types";
import { onOrder } from "../src/screens/article/on-order";
import { mayStep, stepped } from "../src/screens/article/queue";
import { BLANK, lineOf, orderBody, question, unsound, withList, type TypedOrder } from "../src/screens/new-order/typed";
import { headerOf, headerPatch } from "../src/screens/order/header";
import { discountOf, parsePercent, priceOf } from "../src/screens/order/price";
import { copies, deliverable, ready, wanted } from "../src/screens/order/quantities";
import { batches } from "../src/screens/order/supply";

describe("a typed price", () => {
  it("is a price, a discount, or left to the rules", () => {
    expect(priceOf({ unit: "9,5", discount: "" })).toEqual({ unit_price: { amount: "9.50" } });
    expect(priceOf({ unit: "", discount: "5 %" })).toEqual({ discount_percent: "5.00" });
    expect(priceOf({ unit: " ", discount: "" })).toEqual({});
  });

  it("is refused where it is none", () => {
    expect(priceOf({ unit: "neuf", discount: "" })).toBeNull();
    expect(priceOf({ unit: "", discount: "101" })).toBeNull();
    expect(parsePercent("100")).toBe("100.00");
  });

  it("is told as what it is off the publisher's", () => {
    expect(discountOf({ amount: "12.20" }, { amount: "11.10" })).toBe("9.0");
    expect(discountOf({ amount: "0.00" }, { amount: "0.00" })).toBe("0.0");
    expect(discountOf({ amount: "10.00" }, { amount: "12.00" })).toBe("0.0");
  });
});

describe("the copies of a line", () => {
  const line = (id: string, set_aside: number, outstanding: number, digital = false) => ({
    id,
    set_aside,
    outstanding,
    digital,
  });

  it("are ready once set aside; a digital line always is", () => {
    expect(ready(line("a", 1, 2))).toBe(1);
    expect(ready(line("a", 0, 2, true))).toBe(2);
    expect(deliverable(line("a", 1, 2))).toBe(3);
  });

  it("go out as proposed unless a hand says otherwise, and never more than there are", () => {
    const lines = [line("a", 1, 2), line("b", 2, 0), line("c", 1, 0)];
    const going = wanted(lines, { a: 9, c: 0 }, ready, deliverable);
    expect(going).toEqual([
      { line_id: "a", quantity: 3 },
      { line_id: "b", quantity: 2 },
    ]);
    expect(copies(going)).toBe(5);
  });
});

describe("the header of an order", () => {
  const order = {
    customer_reference: null,
    comment: "avant",
    contact: { title: null, name: "MARTIN", first_name: null, email: null, phone: "0240", address: { country: "FR" } },
    billed_to: null,
    delivery_address_id: null,
    contact_id: "con_1",
    bank_account_id: null,
    back_orders: true,
    mail_order: false,
    vat_exempt: false,
    delivery_charge: { amount: "3.00", currency: "EUR" },
  } as unknown as Order;

  it("sends the touched fields alone, the contact whole", () => {
    const text = { ...headerOf(order), "/comment": "", "/contact/address/town": "NANTES", "/back_orders": false };
    const patch = headerPatch(text, ["/comment", "/contact/address/town", "/back_orders"], "");
    expect(Object.keys(patch).sort()).toEqual(["back_orders", "comment", "contact"]);
    expect([patch.comment, patch.back_orders]).toEqual([null, false]);
    expect(patch.contact).toMatchObject({ name: "MARTIN", phone: "0240", address: { town: "NANTES", country: "FR" } });
  });

  it("empties a choice, leaves the charge to the law, and refuses an amount that is none", () => {
    const text = { ...headerOf(order), "/contact_id": "", "/delivery_charge": "" };
    expect(headerPatch(text, ["/contact_id", "/delivery_charge"], "")).toEqual({
      contact_id: null,
      delivery_charge: null,
    });
    const wrong = { ...text, "/delivery_charge": "trois" };
    expect(() => headerPatch(wrong, ["/delivery_charge"], "non")).toThrow("non");
  });
});

describe("lines asked of suppliers", () => {
  it("go together where each article has its own, apart where one was chosen", () => {
    const lines = [
      { id: "1", ean: "a" },
      { id: "2", ean: "b" },
      { id: "3", ean: "c" },
      { id: "4", ean: "a" },
    ];
    const own = { a: "tpa_1", b: null, c: "tpa_2" };
    expect(batches(lines, own, { "2": "tpa_3", "3": "tpa_2", "4": "tpa_3" })).toEqual([
      { supplier_id: null, line_ids: ["1", "3"] },
      { supplier_id: "tpa_3", line_ids: ["2", "4"] },
    ]);
  });

  it("are counted by article, those for the shelf apart", () => {
    const order = {
      id: "sup_1",
      number: 7,
      supplier_name: "SODIS",
      state: "draft",
      created_at: "2026-01-01T00:00:00Z",
      validated_at: null,
      lines: [
        { ean: "a", outstanding: 3, links: [{ open: 2 }] },
        { ean: "b", outstanding: 5, links: [] },
      ],
    } as unknown as SupplierOrder;
    expect(onOrder([order], "a")).toMatchObject([{ number: 7, outstanding: 3, forShelf: 1 }]);
    expect(onOrder([order], "c")).toEqual([]);
  });
});

describe("a queue put in another order", () => {
  const queue = ["a", "b", "c"].map((line_id, index) => ({ line_id, begun: index === 0 }));
  const ids = (items: readonly { line_id: string }[]) => items.map((item) => item.line_id).join("");

  it("moves a line a step up or down", () => {
    expect(ids(stepped(queue, "c", -1))).toBe("acb");
    expect(ids(stepped(queue, "b", 1))).toBe("acb");
    expect(ids(stepped(queue, "c", 1))).toBe("abc");
  });

  it("lets nobody pass a line that is begun", () => {
    expect(mayStep(queue, "b", -1)).toBe(false);
    expect(ids(stepped(queue, "b", -1))).toBe("abc");
    expect(mayStep(queue, "a", 1)).toBe(false);
  });
});

describe("an order being taken", () => {
  const book = { ean: "978", title: "T", author: null, list_price: { amount: "10.00", currency: "EUR" as const } };
  const typed: TypedOrder = { ...BLANK, free: true, name: " MARTIN ", lines: [lineOf(book)] };

  it("is for a free name or a customer, and says where it comes from", () => {
    expect(orderBody(typed)).toMatchObject({ contact: { name: "MARTIN" }, origin: "counter" });
    const quoted = orderBody({ ...typed, origin: "quote", quote: " DEV-1 " });
    expect([quoted.origin, quoted.quote_reference]).toEqual(["quote", "DEV-1"]);
    expect(orderBody({ ...typed, quote: "DEV-1" }).quote_reference).toBeUndefined();
  });

  it("asks for a price only where a sound one is typed", () => {
    const asked = { ...typed, lines: [{ ...lineOf(book), asked: { unit: "", discount: "5" } }] };
    expect(question(asked)?.lines).toEqual([{ ean: "978", quantity: 1, discount_percent: "5.00" }]);
    expect(question(BLANK)).toBeNull();
    expect(unsound({ ...typed, lines: [{ ...lineOf(book), asked: { unit: "x", discount: "" } }] })).toHaveLength(1);
  });

  it("takes a saved list in, copies of the same book together", () => {
    const list = {
      lines: [
        { ...book, quantity: 2 },
        { ...book, ean: "979", quantity: 1 },
      ],
    };
    expect(withList(typed.lines, list).map((line) => [line.ean, line.quantity])).toEqual([
      ["978", 3],
      ["979", 1],
    ]);
  });
});
