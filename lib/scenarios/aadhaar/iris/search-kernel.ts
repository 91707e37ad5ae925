/** One band after the other: who meets whom there, and are they the same; see search.ts. */
import type { Kernel } from "../../../graph/team/kernel";
import type { Team } from "../../../graph/team/team";
import { normalisedDistance } from "./decision";
import { IrisGallery } from "./gallery";
import type { GalleryArrays } from "./gallery";
import { MatchList } from "./match-list";
import type { MatchArrays } from "./match-list";
import { commonOf, differingOf, makeMatcher } from "./matcher";
import type { IrisMatcher, MatcherKind } from "./matcher";
import { irisBytes, irisColumns } from "./picture";

export interface SearchInput {
  readonly gallery: GalleryArrays;
  readonly turns: Int8Array;
  readonly limits: Int16Array;
  readonly kind: MatcherKind;
  readonly bits: number;
  /** Places of the bits, band after band. */
  readonly places: Uint16Array;
  readonly found: MatchArrays;
  /** Pairs of the truth are kept too, however far apart: to measure what the bands miss. */
  readonly keepsGenuine: boolean;
  /** By worker: candidates compared. */
  readonly candidates: Float64Array;
}

/** A picture that does not show the whole band. */
const hidden = 0xffff_ffff;

export const run: Kernel<SearchInput>["run"] = (input, team, tell) => {
  const search = new BandSearch(input, team);
  const bands = input.places.length / input.bits;
  team.each(bands, (band) => {
    search.run(band);
    if (team.worker === 0) tell(band + 1, bands);
  });
};

class BandSearch {
  private readonly gallery: IrisGallery;
  private readonly matcher: IrisMatcher;
  private readonly found: MatchList;
  private readonly bytes: Uint8Array;
  private readonly firstByte: number;
  private readonly bucketMask: number;
  /** A bucket holds one key: none has to be looked at again. */
  private readonly isExact: boolean;
  private readonly starts: Uint32Array;
  private readonly rows: Uint32Array;
  private readonly keys: Uint32Array;
  /** Pairs that this thread has found already, as row x count + earlier row. */
  private readonly known = new Set<number>();
  /** Of this band: byte within a picture and ring of each bit. */
  private readonly columns: Uint8Array;
  private readonly rings: Uint8Array;
  private probed = -1;

  constructor(
    private readonly input: SearchInput,
    private readonly team: Team,
  ) {
    this.gallery = new IrisGallery(input.gallery);
    this.matcher = makeMatcher(this.gallery, { kind: input.kind, worker: team.worker });
    this.found = new MatchList(input.found);
    const { count, memory } = this.gallery;
    this.bytes = new Uint8Array(memory.buffer);
    this.firstByte = this.gallery.addressOf(0);
    const buckets = 2 ** Math.min(input.bits, Math.ceil(Math.log2(count)) + 1);
    this.bucketMask = buckets - 1;
    this.isExact = buckets === 2 ** input.bits;
    this.starts = new Uint32Array(buckets + 2);
    this.rows = new Uint32Array(count);
    this.keys = new Uint32Array(count);
    this.columns = new Uint8Array(input.bits);
    this.rings = new Uint8Array(input.bits);
  }

  run(band: number): void {
    const { bits, places, turns } = this.input;
    for (let bit = 0; bit < bits; bit++) {
      const place = places[band * bits + bit];
      this.columns[bit] = place >> 3;
      this.rings[bit] = place & 7;
    }
    this.fillTable();
    for (let row = 0; row < this.gallery.count; row++) {
      for (let i = 0; i < turns.length; i++) {
        const key = turns[i] === 0 ? this.keys[row] : this.keyOf(row, turns[i]);
        if (key !== hidden) this.meet(row, turns[i], key);
      }
    }
  }

  /** The band's bits of a turned picture as one number. */
  private keyOf(row: number, turn: number): number {
    const { bytes, columns, rings } = this;
    const at = this.firstByte + row * 2 * irisBytes;
    let key = 0;
    for (let bit = 0; bit < columns.length; bit++) {
      const place = at + ((columns[bit] + turn) & (irisColumns - 1));
      if (((bytes[place + irisBytes] >> rings[bit]) & 1) === 0) return hidden;
      key = (key << 1) | ((bytes[place] >> rings[bit]) & 1);
    }
    return key >>> 0;
  }

  /** Rows by their keys, within a bucket ascending: a counting sort, filled from the end. */
  private fillTable(): void {
    const { keys, starts, rows, bucketMask } = this;
    starts.fill(0);
    for (let row = 0; row < keys.length; row++) {
      const key = (keys[row] = this.keyOf(row, 0));
      if (key !== hidden) starts[(key & bucketMask) + 1]++;
    }
    for (let i = 1; i < starts.length; i++) starts[i] += starts[i - 1];
    for (let row = keys.length - 1; row >= 0; row--) {
      if (keys[row] !== hidden) rows[--starts[(keys[row] & bucketMask) + 1]] = row;
    }
  }

  /** All earlier rows whose key is the same. Bucket b lies from `starts[b + 1]` on. */
  private meet(row: number, turn: number, key: number): void {
    const { starts, rows, keys, bucketMask } = this;
    const bucket = key & bucketMask;
    const isExact = this.isExact;
    for (let i = starts[bucket + 1]; i < starts[bucket + 2]; i++) {
      const other = rows[i];
      if (other >= row) return;
      if (isExact || keys[other] === key) this.compare(row, turn, other);
    }
  }

  private compare(row: number, turn: number, other: number): void {
    const { matcher, gallery, input } = this;
    if (this.probed !== row) matcher.probe((this.probed = row));
    matcher.turn(turn);
    const counts = matcher.compareOne(other);
    input.candidates[this.team.worker]++;
    const [differing, common] = [differingOf(counts), commonOf(counts)];
    const isMatch = differing <= input.limits[common];
    const { persons } = gallery;
    if (!isMatch && !(input.keepsGenuine && persons[row] === persons[other])) return;
    const pair = row * gallery.count + other;
    if (this.known.has(pair)) return;
    this.known.add(pair);
    this.found.add({
      row,
      of: other,
      rotation: turn,
      distance: normalisedDistance(differing, common),
    });
  }
}
