/** What a mail server or an SMS gateway answered, as one of the things a bookseller can act on. Pure. */
export type Plain =
  | "unknown_address"
  | "full"
  | "spam"
  | "login"
  | "unreachable"
  | "busy"
  | "bad_number"
  | "credit"
  | "too_long"
  | "broken"
  | "other";

// In this order: what says more goes before what says less. Codes are those of RFC 3463 (x.y.z), RFC 5321 and HTTP.
const SIGNS: [RegExp, Plain][] = [
  [/\b[45]\.2\.2\b|mailbox (is )?full|over ?quota|quota exceeded|boîte pleine/i, "full"],
  [
    /\b5\.1\.[1-3]\b|\b5\.1\.10\b|user unknown|unknown user|no such (user|recipient|mailbox)|(recipient|mailbox|address).{0,30}(not found|unknown|does not exist|unavailable)|domain not found/i,
    "unknown_address",
  ],
  [
    /\b53[0-5]\b|\b5\.7\.8\b|authentication|unauthori[sz]ed|\bHTTP 40[13]\b|\b40[13] (unauthorized|forbidden)/i,
    "login",
  ],
  [/\b5\.7\.\d+\b|spam|blacklist|blocklist|\bDKIM\b|\bSPF\b|\bDMARC\b|policy|unsolicited/i, "spam"],
  [/\b402\b|credit|insufficient (funds|balance)|solde/i, "credit"],
  [/\b5\.3\.4\b|\b552\b|too (large|long|big)|size limit/i, "too_long"],
  [/number|numéro|msisdn|\bHTTP 4(00|04|22)\b/i, "bad_number"],
  [/\b4(21|50|51|52)\b|\b4\.\d\.\d+\b|\b(429|503)\b|too many|try again|greylist/i, "busy"],
  [
    /refused|unreachable|timed? ?out|timeout|no route|resolve|getaddrinfo|name or service|network|connect|unavailable|\b50[0234]\b|TLS|SSL/i,
    "unreachable",
  ],
];

/** ``uncertain`` goes before all: the line broke, whatever was said. */
export function plainError(error: string, state: string): Plain {
  if (state === "uncertain") return "broken";
  return SIGNS.find(([sign]) => sign.test(error))?.[1] ?? "other";
}
