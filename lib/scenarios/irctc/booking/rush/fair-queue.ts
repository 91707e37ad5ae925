/**
 * A queue that serves users in turns: who asks a hundred times waits behind themselves, not the
 * others behind them.
 *
 * Source: fair queueing with one packet a turn: J. Nagle, "On packet switches with infinite
 * storage", RFC 970, 1985.
 * Cost: O(1) an item; as much memory as there are items and users who wait.
 */
export class FairQueue<Item> {
  length = 0;
  private readonly byUser = new Map<string, Line<Item>>();
  /** Users who wait, in the order of their next turns. */
  private readonly turns = new Line<string>();

  push(user: string, item: Item): void {
    let own = this.byUser.get(user);
    if (own === undefined) {
      this.byUser.set(user, (own = new Line()));
      this.turns.push(user);
    }
    own.push(item);
    this.length++;
  }

  /** The next user's first item; undefined when nobody waits. */
  shift(): Item | undefined {
    const user = this.turns.shift();
    if (user === undefined) return undefined;
    const own = this.byUser.get(user) as Line<Item>;
    const item = own.shift();
    if (own.isEmpty) this.byUser.delete(user);
    else this.turns.push(user); // at the end: the others come first
    this.length--;
    return item;
  }
}

/**
 * First in, first out. What comes in is a stack, which is turned round for what goes out: an
 * array's own shift moves all of a long line.
 *
 * Source: C. Okasaki, Purely Functional Data Structures, Cambridge 1998, section 5.2.
 * Cost: O(1) an item, on average.
 */
class Line<Item> {
  private incoming: Item[] = [];
  private outgoing: Item[] = [];

  get isEmpty(): boolean {
    return this.incoming.length + this.outgoing.length === 0;
  }

  push(item: Item): void {
    this.incoming.push(item);
  }

  shift(): Item | undefined {
    if (this.outgoing.length === 0) {
      [this.outgoing, this.incoming] = [this.incoming.reverse(), this.outgoing];
    }
    return this.outgoing.pop();
  }
}
