import { describe, expect, it } from "vitest";

import { en } from "../src/i18n/en";
import { fr } from "../src/i18n/fr";

function leaves(node: object, path = ""): [string, unknown][] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]) =>
    typeof value === "object" && value !== null ? leaves(value, `${path}${key}.`) : [[`${path}${key}`, value]],
  );
}

const french = new Map(leaves(fr));
const english = new Map(leaves(en));

describe("the catalogues", () => {
  it("have the same keys", () => {
    expect([...english.keys()].sort()).toEqual([...french.keys()].sort());
  });

  it("leave nothing blank", () => {
    const blank = [...french, ...english].filter(([, words]) => typeof words === "string" && !words.trim());
    expect(blank).toEqual([]);
  });

  it("have words of the same kind under each key", () => {
    const mixed = [...french].filter(([key, words]) => typeof words !== typeof english.get(key));
    expect(mixed).toEqual([]);
  });

  it("keep the words of the old screens", () => {
    expect(fr.order.title(46407, "MAISON DES TOUT PETITS", "LP")).toBe(
      "Commande client numéro 46407 → MAISON DES TOUT PETITS → Statut : LP",
    );
    const o = fr.orders;
    expect([o.number, o.customer, o.reference, o.name, o.status, o.created]).toEqual([
      "Numéro",
      "Client",
      "Réf. Comm.",
      "Nom",
      "Statut",
      "Date de création",
    ]);
    const r = fr.reservations;
    expect([
      r.date,
      r.lineTitle,
      r.orderNumber,
      r.status,
      r.mailOrder,
      r.digital,
      r.customerCode,
      r.customerName,
    ]).toEqual(["Date", "Titre", "N° Cde", "Stat", "Vpc", "Ebook", "Code Client", "Nom Client"]);
  });

  it("say one and several", () => {
    expect(fr.scan.printed(1)).toBe("1 bon imprimé");
    expect(fr.scan.printed(2)).toBe("2 bons imprimés");
    expect(en.scan.printed(0)).toBe("0 slips printed");
    expect(fr.scan.behind(0)).toBe("plus personne n’attend");
  });
});
