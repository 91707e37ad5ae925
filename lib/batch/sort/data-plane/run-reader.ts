/** Reads a part of a run, a record at a time, through two buffers of the arena. */
import { closeSync, openSync, readSync } from "fs";
import type { Arena } from "./arena";
import type { Stretch } from "./arena-plan";
import { indexWords } from "./run-writer";

/** A place between two records of a run. */
export interface Cut {
  readonly record: number;
  readonly byte: number;
}

/** The part of a run between two cuts. */
export interface Slice {
  /** Beside it lies its `.index`. */
  readonly file: string;
  readonly longestBytes: number;
  readonly low: Cut;
  readonly high: Cut;
}

const indexBytes = indexWords * 4;

export class RunReader {
  /** Of the present record: its address in the arena and its bytes. */
  start = 0;
  length = 0;
  private recordsLeft: number;
  private dataPosition: number;
  private indexPosition: number;
  private dataFilled: number;
  private next: number;
  private word = 0;
  private wordEnd = 0;
  private readonly words: Uint32Array;
  private readonly dataFile: number;
  private readonly indexFile: number;

  /** Throws an error of the file system when a file of the run is not there. */
  constructor(
    private readonly arena: Arena,
    private readonly slice: Slice,
    private readonly place: { readonly data: Stretch; readonly index: Stretch },
  ) {
    const { low, high, file } = slice;
    const { data } = place;
    this.recordsLeft = high.record - low.record;
    this.dataPosition = low.byte;
    this.indexPosition = low.record * indexBytes;
    this.dataFilled = this.next = data.from;
    this.words = arena.words(0, arena.bytes.length >> 2);
    this.dataFile = openSync(file, "r");
    this.indexFile = openSync(`${file}.index`, "r");
  }

  close(): void {
    closeSync(this.dataFile);
    closeSync(this.indexFile);
  }

  /** Where in the arena the entry of the index for the present record is. */
  get entryAt(): number {
    return 4 * (this.word - indexWords);
  }

  /**
   * Goes to the next record and puts the first 53 bits of its prefix, or Infinity when there is
   * none, at `heads[place]`: to return it would make an object of each.
   */
  advance(heads: Float64Array, place: number): void {
    if (this.recordsLeft === 0) return void (heads[place] = Infinity);
    this.recordsLeft--;
    if (this.word === this.wordEnd) this.readIndex();
    const { words, word } = this;
    this.start = this.next;
    this.length = words[word + 2] as number;
    this.next = this.start + this.length;
    if (this.next > this.dataFilled) this.readData();
    this.word = word + indexWords;
    heads[place] = (words[word] as number) * 2_097_152 + ((words[word + 1] as number) >>> 11);
  }

  private readIndex(): void {
    const { from, bytes } = this.place.index;
    const wanted = Math.min(bytes, (this.recordsLeft + 1) * indexBytes);
    this.read(this.indexFile, { from, bytes: wanted }, this.indexPosition);
    this.indexPosition += wanted;
    this.word = from >> 2;
    this.wordEnd = (from + wanted) >> 2;
  }

  /** Moves what there is of the present record to the beginning and fills the rest. */
  private readData(): void {
    const { from, bytes } = this.place.data;
    const kept = this.dataFilled - this.start;
    this.arena.copy(from, this.start, kept);
    const wanted = Math.min(bytes - kept, this.slice.high.byte - this.dataPosition);
    this.read(this.dataFile, { from: from + kept, bytes: wanted }, this.dataPosition);
    this.dataPosition += wanted;
    this.dataFilled = from + kept + wanted;
    this.start = from;
    this.next = from + this.length;
  }

  private read(file: number, { from, bytes }: Stretch, position: number): void {
    let read = 0;
    while (read < bytes) {
      const more = readSync(file, this.arena.bytes, from + read, bytes - read, position + read);
      if (more === 0) throw new Error("a run is shorter than it was when it was made");
      read += more;
    }
  }
}
