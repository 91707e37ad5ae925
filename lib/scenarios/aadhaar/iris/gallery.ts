/**
 * A gallery of iris pictures in memory that all threads share: 512 bytes each, and 128 more for
 * columns that a search looks at first.
 */
import { wholeInRange } from "../../../basics";
import { sharedMemory } from "./assembler";
import type { SharedMemory } from "./assembler";
import { glanceAt, glanceBytes, irisBytes, irisPictureBytes, scratchBytes } from "./picture";

const maxWorkers = 64;
/** The first page of pictures lies behind the scratch space of the matchers. */
const picturesAt = Math.ceil((maxWorkers * scratchBytes) / 65_536) * 65_536;
/** What threads are sent: a class would lose its methods on the way. */
export interface GalleryArrays {
  readonly memory: SharedMemory;
  readonly count: number;
  readonly persons: Int32Array;
}

export class IrisGallery {
  /** Pictures. */
  readonly count: number;
  readonly memory: SharedMemory;
  /** By picture: the row of the same person's first one: the truth, which no search may use. */
  readonly persons: Int32Array;
  /** All pictures, 128 words each: 64 of code, 64 of mask. */
  readonly words: Int32Array;
  private readonly bytes: Uint8Array;

  constructor({ memory, count, persons }: GalleryArrays) {
    this.count = count;
    this.memory = memory;
    this.persons = persons;
    this.bytes = new Uint8Array(memory.buffer, picturesAt, count * irisPictureBytes);
    this.words = new Int32Array(memory.buffer, picturesAt, (count * irisPictureBytes) / 4);
  }

  /** Room for so many pictures; each is a person of its own until told otherwise. */
  static empty(count: number): IrisGallery {
    wholeInRange("pictures", count, { min: 1, max: 4_000_000 });
    const persons = new Int32Array(new SharedArrayBuffer(count * 4));
    for (let row = 0; row < count; row++) persons[row] = row;
    return new IrisGallery({
      memory: sharedMemory(picturesAt + count * (irisPictureBytes + 2 * glanceBytes)),
      count,
      persons,
    });
  }

  /** Bare codes of 256 bytes, such as the column `iris` of the register: all bits are seen. */
  static fromCodes(codes: Uint8Array): IrisGallery {
    const gallery = IrisGallery.empty(codes.length / irisBytes);
    for (let row = 0; row < gallery.count; row++) {
      const picture = gallery.picture(row);
      picture.set(codes.subarray(row * irisBytes, (row + 1) * irisBytes));
      picture.fill(0xff, irisBytes);
    }
    return gallery;
  }

  get arrays(): GalleryArrays {
    return { memory: this.memory, count: this.count, persons: this.persons };
  }

  /** 256 bytes of code and 256 of mask, as a view: what is written there is in the gallery. */
  picture(row: number): Uint8Array {
    return this.bytes.subarray(row * irisPictureBytes, (row + 1) * irisPictureBytes);
  }

  addressOf(row: number): number {
    return picturesAt + row * irisPictureBytes;
  }

  /** Where the columns of a picture lie that are looked at first. */
  glanceOf(row: number): number {
    return picturesAt + this.count * irisPictureBytes + row * 2 * glanceBytes;
  }

  /** Copies those columns out of the pictures from `first` to `end - 1`. */
  prepareGlances(first: number, end: number): void {
    // Word by word: `set` and `copyWithin` go byte by byte through shared memory.
    const all = new Int32Array(this.memory.buffer);
    const words = glanceBytes / 4;
    for (let row = first; row < end; row++) {
      const [to, code] = [this.glanceOf(row) >> 2, (this.addressOf(row) + glanceAt) >> 2];
      const mask = code + irisBytes / 4;
      for (let i = 0; i < words; i++) {
        all[to + i] = all[code + i];
        all[to + words + i] = all[mask + i];
      }
    }
  }

  /** Pairs of pictures of one person, as the generator planted them. */
  truePairs(): number {
    const sizes = new Uint32Array(this.count);
    let pairs = 0;
    for (let row = 0; row < this.count; row++) pairs += sizes[this.persons[row]]++;
    return pairs;
  }
}
