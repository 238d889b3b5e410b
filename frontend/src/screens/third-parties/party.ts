/** A third party's card as it is typed, and what of it goes to the server. Pure. */
import type { ThirdParty, ThirdPartyCreate, ThirdPartyPatch, ThirdPartyType } from "../../api/types";
import { customField, typedRate, wireRate } from "../customers/card";
import { flagAt, nested, textAt, written, type Typed } from "../customers/form";

export const TYPES: ThirdPartyType[] = ["prospect", "supplier", "sales_rep", "other"];

const LINES = ["recipient", "complement", "building", "street", "locality", "postal_code", "town"] as const;
const PLAIN = [
  "title",
  "first_name",
  "short_name",
  "email",
  "phone",
  "fax",
  "siret",
  "vat_number",
  "language",
  "account_number",
  "our_code",
  "comment",
  "closed_on",
] as const;
const CUSTOM = "/custom_fields/";

type Wire = Parameters<typeof nested>[0];

export const BLANK: Typed = {
  "/type": "prospect",
  "/code": "",
  "/name": "",
  "/kind": "organisation",
  "/commission": "",
  "/address/country": "FR",
  ...Object.fromEntries([...PLAIN, ...LINES.map((line) => `address/${line}`)].map((field) => [`/${field}`, ""])),
};

export function textOf(party: ThirdParty): Typed {
  const text: Record<string, string | boolean> = {
    "/type": party.type,
    "/code": party.code,
    "/name": party.name,
    "/kind": party.kind,
    "/commission": party.commission === null ? "" : typedRate(party.commission),
    "/address/country": party.address.country,
  };
  for (const field of PLAIN) text[`/${field}`] = party[field] ?? "";
  for (const line of LINES) text[`/address/${line}`] = party.address[line] ?? "";
  for (const [questionnaire, answers] of Object.entries(party.custom_fields))
    for (const [code, value] of Object.entries(answers)) text[customField(questionnaire, code)] = value ?? "";
  return text;
}

function wire(text: Typed, field: string): Wire[string] {
  if (field === "/name") return textAt(text, field).trim();
  if (field === "/type" || field === "/kind") return textAt(text, field);
  if (field === "/address/country") return textAt(text, field).trim().toUpperCase() || "FR";
  if (field === "/commission") return textAt(text, field).trim() ? wireRate(textAt(text, field)) : null;
  if (field.startsWith(CUSTOM) && typeof text[field] === "boolean") return flagAt(text, field);
  return written(text, field);
}

function fields(text: Typed, names: readonly string[]): ReturnType<typeof nested> {
  return nested(Object.fromEntries(names.map((name) => [name, wire(text, name)])));
}

/** A merge patch: absent stays, null empties; type and code are for ever. */
export function patchOf(text: Typed, names: readonly string[]): ThirdPartyPatch {
  return fields(
    text,
    names.filter((name) => name !== "/type" && name !== "/code"),
  ) as ThirdPartyPatch;
}

/** A new card: what differs from a blank one, and always its type and name. */
export function createOf(text: Typed): ThirdPartyCreate {
  const typed = Object.keys(text).filter((name) => text[name] !== BLANK[name]);
  return fields(text, [...new Set(["/type", "/name", ...typed])]) as ThirdPartyCreate;
}
