"""One router per aggregate: parse, call, present. No rule, no SQL, no try."""
