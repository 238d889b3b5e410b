/** Who is at the counter. The cookie is out of our reach on purpose; the CSRF token stays in memory. */
import type { Me } from "./types";

type State = "unknown" | "out" | "in" | "expired";

class Session {
  me = $state<Me | null>(null);
  state = $state<State>("unknown");
  csrf = "";
  #waiting: Array<() => void> = [];

  opened(me: Me): void {
    const before = this.me;
    this.csrf = me.csrf_token ?? "";
    if (before && (before.login !== me.login || before.dossier.code !== me.dossier.code)) {
      // Someone else took over: what the first one left half done must not be sent in the second one's name.
      window.location.reload();
      return;
    }
    this.me = me;
    this.state = "in";
    for (const resume of this.#waiting.splice(0)) resume();
  }

  /** The cookie is no longer good: the login comes up over the screen, and callers wait for it. */
  expired(): Promise<void> {
    if (this.state === "in") this.state = "expired";
    return new Promise((resume) => this.#waiting.push(resume));
  }

  closed(): void {
    this.me = null;
    this.csrf = "";
    this.state = "out";
    this.#waiting = [];
  }
}

export const session = new Session();
