import { hashBytes } from "./hashing";

/** Hashes one after the other in one piece of memory, which doubles when it is full. */
export class HashList {
  private bytes = new Uint8Array(16 * hashBytes);
  length = 0;

  push(hash: Uint8Array): void {
    const at = this.length * hashBytes;
    if (at === this.bytes.length) {
      const larger = new Uint8Array(2 * at);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes.set(hash, at);
    this.length++;
  }

  at(index: number): Uint8Array {
    return this.bytes.subarray(index * hashBytes, (index + 1) * hashBytes);
  }
}
