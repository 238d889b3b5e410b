/** The company file as it is typed, and what of it goes to the server. Pure. */
import type { Dossier, DossierPatch } from "../../api/types";
import { flagAt, textAt, type Typed } from "../customers/form";
import { parsedSegments, typedSegments } from "./axes";

export const DOCUMENTS = ["order", "delivery_note", "invoice", "reminder", "quote"] as const;
export const BACK_ORDERS = ["quotes", "orders", "delivery_notes"] as const;
export const AXES = [0, 1, 2] as const;

/** A list of people as one typed text: the order says nothing. */
export function listed(ids: readonly string[]): string {
  return [...ids].sort().join(" ");
}

export function unlisted(text: string): string[] {
  return text.split(" ").filter(Boolean);
}

export function typedDossier(dossier: Dossier): Typed {
  const typed: Record<string, string | boolean> = {
    "/name": dossier.name,
    "/address": dossier.address,
    "/code_padding": dossier.code_padding,
    "/customer_prefix": dossier.customer_prefix,
    "/credit_policy": dossier.credit_policy,
    "/fiscal_month": String(dossier.fiscal_month),
    "/gln": dossier.gln ?? "",
    "/siret": dossier.siret ?? "",
    "/retention_years": String(dossier.retention_years),
    "/flash_customer_ids": listed(dossier.flash_customer_ids),
    "/flash_third_party_ids": listed(dossier.flash_third_party_ids),
  };
  for (const document of DOCUMENTS) typed[`/contact_roles/${document}`] = dossier.contact_roles[document];
  for (const document of BACK_ORDERS) typed[`/back_orders/${document}`] = dossier.back_orders[document];
  dossier.stat_axes.forEach((axis, index) => {
    typed[`/stat_axes/${String(index)}/label`] = axis.label;
    typed[`/stat_axes/${String(index)}/segments`] = typedSegments(axis.segments);
  });
  return typed;
}

/** What cannot be sent as it stands: the fields, by their pointer. */
export function unsound(text: Typed): string[] {
  return [
    ...AXES.filter((axis) => parsedSegments(textAt(text, `/stat_axes/${String(axis)}/segments`)) === null).map(
      (axis) => `/stat_axes/${String(axis)}/segments`,
    ),
    ...(/^[A-Z]{1,3}$/.test(textAt(text, "/customer_prefix").trim().toUpperCase()) ? [] : ["/customer_prefix"]),
    ...(/^([1-9]|[12]\d|30)$/.test(textAt(text, "/retention_years").trim()) ? [] : ["/retention_years"]),
  ];
}

/** A merge patch of the touched fields; the axes go whole, as the contract asks. */
export function dossierPatch(text: Typed, fields: readonly string[]): DossierPatch {
  const touched = new Set(fields);
  const under = (start: string): boolean => fields.some((field) => field.startsWith(start));
  const patch: DossierPatch = {};
  if (touched.has("/name")) patch.name = textAt(text, "/name").trim();
  if (touched.has("/address")) patch.address = textAt(text, "/address").trim();
  if (touched.has("/gln")) patch.gln = textAt(text, "/gln").trim() || null;
  if (touched.has("/siret")) patch.siret = textAt(text, "/siret").trim() || null;
  if (touched.has("/code_padding"))
    patch.code_padding = textAt(text, "/code_padding") === "right_zeros" ? "right_zeros" : "none";
  if (touched.has("/customer_prefix")) patch.customer_prefix = textAt(text, "/customer_prefix").trim().toUpperCase();
  if (touched.has("/credit_policy"))
    patch.credit_policy = textAt(text, "/credit_policy") === "block" ? "block" : "warn";
  if (touched.has("/fiscal_month")) patch.fiscal_month = Number(textAt(text, "/fiscal_month"));
  if (touched.has("/retention_years")) patch.retention_years = Number(textAt(text, "/retention_years"));
  if (touched.has("/flash_customer_ids")) patch.flash_customer_ids = unlisted(textAt(text, "/flash_customer_ids"));
  if (touched.has("/flash_third_party_ids"))
    patch.flash_third_party_ids = unlisted(textAt(text, "/flash_third_party_ids"));
  if (under("/contact_roles/")) {
    patch.contact_roles = {};
    for (const document of DOCUMENTS)
      if (touched.has(`/contact_roles/${document}`))
        patch.contact_roles[document] = textAt(text, `/contact_roles/${document}`);
  }
  if (under("/back_orders/")) {
    patch.back_orders = {};
    for (const document of BACK_ORDERS)
      if (touched.has(`/back_orders/${document}`))
        patch.back_orders[document] = flagAt(text, `/back_orders/${document}`);
  }
  if (under("/stat_axes/"))
    patch.stat_axes = AXES.map((axis) => ({
      label: textAt(text, `/stat_axes/${String(axis)}/label`).trim(),
      segments: parsedSegments(textAt(text, `/stat_axes/${String(axis)}/segments`)) ?? [],
    }));
  return patch;
}
