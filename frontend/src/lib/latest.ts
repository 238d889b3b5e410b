/** Answers may overtake each other on their way: what was asked later and is there already makes an older answer no news. */
export class Latest {
  #asked = 0;
  #heard = 0;

  /** Called when asking; what it gives is called when the answer is there, and is true where that is news. */
  ask(): () => boolean {
    const turn = ++this.#asked;
    return () => {
      if (turn < this.#heard) return false;
      this.#heard = turn;
      return true;
    };
  }
}
