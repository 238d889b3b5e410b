import { describe, expect, it } from "vitest";

import type {
  BookLawValue,
  Category,
  KnownAnswer,
  Reception,
  SupplierLine,
  SupplierOrder,
  UntreatedLine,
} from "../src/api/types";
import { arrivedOf, copiesOf, everything, NOTHING_COUNTED, sorted, summary } from "../src/screens/reception/arrived";
import { dated, lawInput, typedValue, unit } from "../src/screens/settings/law";
import { BLANK_RULE, ruleInput, sound, typedRule } from "../src/screens/settings/tariffs";
import { flat, ofLevel, treeOf } from "../src/screens/settings/tree";
import { answerPut, BLANK, putOf } from "../src/screens/settings/answers";
import { awaited, forShelf, FREE, moves, sent, SILENT, titlesOf } from "../src/screens/supplier-orders/remains";
import { askings, copies, grouped, wantedOf } from "../src/screens/untreated/proposal";

function untreated(id: string, supplier: string | null, unsupplied = 1): UntreatedLine {
  return {
    line_id: id,
    supplier_id: supplier,
    supplier_name: supplier === null ? null : `NOM ${supplier}`,
    unsupplied,
  } as UntreatedLine;
}

describe("what is asked of suppliers", () => {
  const lines = [untreated("a", "tpa_2", 3), untreated("b", null), untreated("c", "tpa_1"), untreated("d", "tpa_2")];

  it("starts from what nobody brings, by supplier, with those without one first", () => {
    const groups = grouped(wantedOf(lines));
    expect(groups.map((group) => [group.supplierId, group.wanted.map((each) => each.line.line_id)])).toEqual([
      [null, ["b"]],
      ["tpa_1", ["c"]],
      ["tpa_2", ["a", "d"]],
    ]);
    expect(copies(wantedOf(lines))).toBe(6);
  });

  it("leaves each article its own supplier, and sends the chosen one for the others only", () => {
    expect(askings(wantedOf(lines), "tpa_9", true)).toEqual([
      {
        lines: [
          { line_id: "a", quantity: 3 },
          { line_id: "c", quantity: 1 },
          { line_id: "d", quantity: 1 },
        ],
        supplier_id: null,
        new: true,
      },
      { lines: [{ line_id: "b", quantity: 1 }], supplier_id: "tpa_9", new: true },
    ]);
    expect(askings(wantedOf(lines), null, false)).toHaveLength(1);
    expect(askings(wantedOf([untreated("b", null)]), "tpa_9", false)).toHaveLength(1);
  });

  it("does not make two new orders with one supplier", () => {
    expect(askings(wantedOf(lines), "tpa_1", true).map((each) => each.new)).toEqual([true, false]);
  });
});

function supplierLine(ean: string, ordered: number, more: Partial<SupplierLine> = {}): SupplierLine {
  return {
    id: `sln_${ean}`,
    position: 1,
    ean,
    title: ean,
    ordered,
    received: 0,
    cancelled: 0,
    outstanding: ordered,
    for_customers: 0,
    answer: null,
    links: [],
    ...more,
  };
}

describe("outstanding deliveries", () => {
  const link = { order_id: "o", order_number: 1, line_id: "l", name: "MARTIN", quantity: 2, received: 0, open: 2 };
  const answers = [
    { code: "6", effect: "close" },
    { code: "8", effect: "move" },
  ] as KnownAnswer[];

  it("are the lines of which something is still to come", () => {
    const lines = [supplierLine("1", 2), supplierLine("2", 1, { received: 1, outstanding: 0 })];
    expect(awaited(lines).map((line) => line.ean)).toEqual(["1"]);
  });

  it("know which copies nobody waits for", () => {
    expect(forShelf(supplierLine("1", 5, { links: [link], cancelled: 1 }))).toBe(2);
    expect(forShelf(supplierLine("1", 1, { links: [link] }))).toBe(0);
  });

  it("name the title that each customer line waits for", () => {
    expect([...titlesOf([supplierLine("1", 2, { title: "SAUTE", links: [link] })])]).toEqual([["l", "SAUTE"]]);
  });

  it("send what was said, and nothing for silence", () => {
    expect(sent("x", SILENT, answers)).toBeNull();
    expect(sent("x", { ...SILENT, code: "6" }, answers)).toEqual({ line_id: "x", code: "6" });
    expect(sent("x", { ...SILENT, code: FREE, text: "  " }, answers)).toBeNull();
    expect(sent("x", { ...SILENT, code: FREE, text: " En reliure " }, answers)).toEqual({
      line_id: "x",
      code: "En reliure",
      label: "En reliure",
    });
  });

  it("send the re-issue's code only where the answer moves the line", () => {
    const said = { code: "8", text: "", ean: "978 2-211217088" };
    expect(moves(said, answers)).toBe(true);
    expect(sent("x", said, answers)).toEqual({ line_id: "x", code: "8", new_ean: "9782211217088" });
    expect(sent("x", { ...said, code: "6" }, answers)).toEqual({ line_id: "x", code: "6" });
  });
});

describe("a parcel", () => {
  const order = {
    lines: [
      supplierLine("1", 2),
      supplierLine("2", 3, { received: 1, outstanding: 2 }),
      supplierLine("3", 1, { outstanding: 0 }),
    ],
  } as SupplierOrder;
  const scanned = {
    ean: "2",
    title: "",
    author: null,
    price: { amount: "1.00", currency: "EUR" as const },
    quantity: 1,
  };

  it("may be all that is still awaited", () => {
    expect(everything(order)).toEqual({ "1": 2, "2": 2 });
  });

  it("counts a scanned copy on the line that asks for it, and the others beside", () => {
    const counted = sorted({ ...NOTHING_COUNTED, counts: { "2": 1 } }, [scanned, { ...scanned, ean: "9" }], order);
    expect(counted.counts).toEqual({ "2": 2 });
    expect(counted.lines.map((line) => line.ean)).toEqual(["9"]);
    expect(arrivedOf(counted)).toEqual([
      { ean: "2", quantity: 2 },
      { ean: "9", quantity: 1 },
    ]);
    expect(copiesOf(arrivedOf(counted))).toBe(3);
    expect(sorted(NOTHING_COUNTED, [scanned], null).lines).toHaveLength(1);
  });

  it("leaves out what did not come", () => {
    expect(arrivedOf({ ...NOTHING_COUNTED, counts: { "1": 0 } })).toEqual([]);
  });

  it("is summed up by where its copies go", () => {
    const lines = [
      { set_aside: 2, to_stock: 1, unexpected: 0 },
      { set_aside: 0, to_stock: 3, unexpected: 3 },
    ];
    expect(summary({ lines } as Reception)).toEqual({ aside: 2, shelf: 4, unexpected: 3 });
  });
});

function node(code: string, level: string, parent: string | null): Category {
  return { code, label: `L ${code}`, level, parent, updated_at: "", version: 1 } as Category;
}

describe("the tree of categories", () => {
  const nodes = [
    node("1002", "category", "BD"),
    node("BD", "sector", "LIV"),
    node("LIV", "shop", null),
    node("99", "category", "gone"),
    node("1001", "category", "BD"),
  ];

  it("shows each under what it belongs to, and what belongs to nothing last", () => {
    expect(flat(treeOf(nodes)).map(({ node: each, depth }) => [each.code, depth])).toEqual([
      ["LIV", 0],
      ["BD", 1],
      ["1001", 2],
      ["1002", 2],
      ["99", 0],
    ]);
  });

  it("lists one level with what it belongs to", () => {
    expect(ofLevel(nodes, "category").map((each) => [each.code, each.parent])).toEqual([
      ["99", ""],
      ["1001", "L BD"],
      ["1002", "L BD"],
    ]);
  });
});

describe("an answer of the table", () => {
  it("goes back whole", () => {
    const known = {
      code: "6",
      label: "Épuisé",
      label_en: null,
      effect: "close",
      position: 6,
      active: false,
      version: 2,
    };
    expect(answerPut(known as KnownAnswer)).toEqual({
      label: "Épuisé",
      label_en: null,
      effect: "close",
      position: 6,
      active: false,
    });
  });

  it("waits unless something else is said, and keeps its place", () => {
    expect(putOf({ ...BLANK, "/label": " Sous presse " })).toEqual({
      label: "Sous presse",
      label_en: null,
      effect: "wait",
      active: true,
    });
  });
});

describe("a discount of a tariff", () => {
  it("sends only what its scope asks for", () => {
    const typed = { ...BLANK_RULE, percent: "9 %", category: "ALBU", basis: " R8 " };
    expect(ruleInput(typed)).toEqual({
      scope: "all",
      percent: "9",
      vat_rate: null,
      category: null,
      starts_on: null,
      ends_on: null,
      basis: "R8",
    });
    expect(ruleInput({ ...typed, scope: "category" }).category).toBe("ALBU");
    expect(ruleInput({ ...typed, scope: "vat_rate" }).vat_rate).toBe("5.50");
  });

  it("is a percentage", () => {
    expect(["5", "5,25", "100"].map((percent) => sound({ ...BLANK_RULE, percent }))).toEqual([true, true, true]);
    expect(["", "cinq", "101", "5,255"].map((percent) => sound({ ...BLANK_RULE, percent }))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it("comes back as it was said", () => {
    const rule = {
      scope: "all",
      percent: "5.50",
      vat_rate: null,
      category: null,
      starts_on: "2027-01-01",
      ends_on: null,
      basis: null,
    };
    expect(typedRule(rule)).toMatchObject({ percent: "5,5", starts_on: "2027-01-01", basis: "" });
  });
});

describe("the law as dated values", () => {
  const known: BookLawValue[] = [
    { key: "least_charge", since: "2023-10-07", value: "3.00" },
    { key: "book_discount_cap", since: "1982-01-01", value: "5.00" },
  ];

  it("knows what holds today, what did, and what will", () => {
    const own = [
      { key: "least_charge", since: "2026-01-01", value: "3.20" },
      { key: "least_charge", since: "2027-01-01", value: "3.50" },
    ];
    expect(dated(known, own, "2026-11-22").map((each) => [each.key, each.value, each.own, each.when])).toEqual([
      ["book_discount_cap", "5.00", false, "now"],
      ["least_charge", "3.00", false, "past"],
      ["least_charge", "3.20", true, "now"],
      ["least_charge", "3.50", true, "soon"],
    ]);
  });

  it("lets the shop's own value go before the known one of the same day", () => {
    const own = [{ key: "least_charge", since: "2023-10-07", value: "4.00" }];
    expect(
      dated(known, own, "2026-11-22")
        .filter((each) => each.when === "now")
        .map((each) => each.value),
    ).toEqual(["5.00", "4.00"]);
  });

  it("is typed and sent as the contract has it", () => {
    expect(typedValue({ key: "least_charge", since: "2027-01-01", value: "3.50" }).value).toBe("3,50");
    expect(lawInput({ key: "least_charge", since: "2027-01-01", value: "3,5" })?.value).toBe("3.50");
    expect(lawInput({ key: "book_discount_cap", since: "", value: "5" })).toBeNull();
    expect(lawInput({ key: "book_discount_cap", since: "2027-01-01", value: "x" })).toBeNull();
    expect(["public_discount_cap", "charge_threshold", "free_order_copies"].map(unit)).toEqual([
      "percent",
      "euros",
      "copies",
    ]);
  });
});
