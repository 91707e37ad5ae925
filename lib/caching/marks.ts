/** A small number, 0 to 255, a slot: bits and short counters of policies; grows as need be. */
export class Marks {
  private bytes = new Uint8Array(1_024);

  get(slot: number): number {
    return this.bytes[slot];
  }

  set(slot: number, mark: number): void {
    if (slot >= this.bytes.length) {
      const wider = new Uint8Array(Math.max(slot + 1, 2 * this.bytes.length));
      wider.set(this.bytes);
      this.bytes = wider;
    }
    this.bytes[slot] = mark;
  }
}
