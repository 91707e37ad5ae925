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
  /** By user, in the order of their next turns. */
  private readonly byUser = new Map<string, Item[]>();

  push(user: string, item: Item): void {
    const own = this.byUser.get(user);
    if (own === undefined) this.byUser.set(user, [item]);
    else own.push(item);
    this.length++;
  }

  /** The next user's first item; undefined when nobody waits. */
  shift(): Item | undefined {
    for (const [user, items] of this.byUser) {
      const item = items.shift();
      this.byUser.delete(user);
      if (items.length > 0) this.byUser.set(user, items); // at the end: the others come first
      this.length--;
      return item;
    }
    return undefined;
  }
}
