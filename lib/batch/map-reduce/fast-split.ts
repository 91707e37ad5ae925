/**
 * `text.split(" ")` in the threads of jobs: by one character, it is done in JavaScript.
 *
 * Node's own leaves compiled code for every call, and makes each piece there, which is two fifths
 * of the time of a job that counts words; this is a fifth to a third faster. It gives what the
 * language asks for (ECMAScript 2023, section 22.1.3.23); any other call goes to Node's own.
 * Assumes: nobody gives texts a method [Symbol.split].
 * Cost: one search and one cut a piece.
 */
type Split = (this: unknown, separator: unknown, limit?: unknown) => string[];

const ownSplit = String.prototype.split as Split;

const { split: fastSplit } = {
  split(this: unknown, separator: unknown, limit?: unknown): string[] {
    if (typeof this !== "string" || typeof separator !== "string") {
      return ownSplit.call(this, separator, limit);
    }
    if (separator.length !== 1 || limit !== undefined) return ownSplit.call(this, separator, limit);
    const pieces: string[] = [];
    let [count, start] = [0, 0];
    for (let at = this.indexOf(separator); at >= 0; at = this.indexOf(separator, start)) {
      pieces[count++] = this.substring(start, at); // push is not compiled into the loop
      start = at + 1;
    }
    pieces[count] = this.substring(start);
    return pieces;
  },
} satisfies Record<"split", Split>;

/** For a thread that runs jobs and nothing else: the whole thread's texts are cut so. */
export function installFastSplit(): void {
  const wasThere = { writable: true, enumerable: false, configurable: true };
  Object.defineProperty(String.prototype, "split", { ...wasThere, value: fastSplit });
}

export { fastSplit };
