/** What two cards have in common, for the eye. Pure. */
export interface Comparable {
  town: string | null;
  phone: string | null;
  email: string | null;
  siret: string | null;
}

export interface Alike {
  town: boolean;
  phone: boolean;
  email: boolean;
  siret: boolean;
}

/** Notation aside: "02 40 00 00 00" and "+33240000000" are one phone. */
function digits(phone: string): string {
  return phone.replace(/\D/g, "").replace(/^(0033|33)(?=\d{9}$)/, "0");
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").trim().toLowerCase();
}

function both(left: string | null, right: string | null, form: (text: string) => string): boolean {
  return Boolean(left && right && form(left) === form(right));
}

export function alike(one: Comparable, other: Comparable): Alike {
  return {
    town: both(one.town, other.town, folded),
    phone: both(one.phone, other.phone, digits),
    email: both(one.email, other.email, folded),
    siret: both(one.siret, other.siret, digits),
  };
}
