/**
 * One band after the other: who meets whom there, and are they the same; see search.ts. A band's
 * table is filled picture by picture, and each meets those that are in it already.
 */
import type { Kernel } from "../../../graph/team/kernel";
import type { Team } from "../../../graph/team/team";
import { keyBatch, makeKeyReader, marksFor, noTurn, turnsBetween } from "./band-keys";
import type { KeyReader } from "./band-keys";
import { BandTable } from "./band-table";
import { makeGlance } from "./glance";
import type { Glance } from "./glance";
import { normalisedDistance } from "./decision";
import { IrisGallery } from "./gallery";
import type { GalleryArrays } from "./gallery";
import { MatchList } from "./match-list";
import type { MatchArrays } from "./match-list";
import { commonOf, differingOf, makeMatcher } from "./matcher";
import type { IrisMatcher, MatcherKind } from "./matcher";

export interface SearchInput {
  readonly gallery: GalleryArrays;
  readonly maxRotation: number;
  readonly threshold: number;
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

/** Pictures of a block of the first phase. */
const glanceBlock = 4_096;

export const run: Kernel<SearchInput>["run"] = (input, team, tell) => {
  const search = new BandSearch(input, team);
  const bands = input.places.length / input.bits;
  const { count } = input.gallery;
  team.each(Math.ceil(count / glanceBlock), (block) => search.prepare(block * glanceBlock));
  team.each(bands, (band) => {
    search.run(band);
    if (team.worker === 0) tell(band + 1, bands);
  });
};

class BandSearch {
  private readonly gallery: IrisGallery;
  private readonly matcher: IrisMatcher;
  private readonly reader: KeyReader;
  private readonly glance: Glance;
  private readonly found: MatchList;
  private readonly marks: number;
  private readonly turns: Int8Array;
  /** An entry is a picture at a mark: row x marks + mark. */
  private readonly table: BandTable;
  /** Pairs that this thread has found already, as row x count + earlier row. */
  private readonly known = new Set<number>();

  constructor(
    private readonly input: SearchInput,
    private readonly team: Team,
  ) {
    const { bits, maxRotation, kind, threshold } = input;
    const { worker } = team;
    this.gallery = new IrisGallery(input.gallery);
    this.matcher = makeMatcher(this.gallery, { kind, worker });
    this.reader = makeKeyReader(this.gallery, { bits, maxRotation, kind, worker });
    const compare = (...pair: [number, number, number]): void => this.compare(...pair);
    this.glance = makeGlance(this.gallery, { kind, worker, threshold, compare });
    this.found = new MatchList(input.found);
    this.marks = marksFor(maxRotation).length;
    this.turns = turnsBetween(maxRotation);
    this.table = new BandTable(new Int32Array(this.gallery.count * this.marks), bits);
  }

  prepare(first: number): void {
    this.gallery.prepareGlances(first, Math.min(first + glanceBlock, this.gallery.count));
  }

  run(band: number): void {
    const { bits, places } = this.input;
    this.reader.take(places.subarray(band * bits, (band + 1) * bits));
    for (let first = 0; first < this.gallery.count; first += keyBatch) {
      const count = Math.min(keyBatch, this.gallery.count - first);
      this.table.keys.set(this.reader.keys(first, count), first * this.marks);
    }
    this.table.meet((entry, earlier) => this.meet(entry, earlier));
    this.glance.flush();
  }

  private meet(entry: number, earlier: number): void {
    const { marks } = this;
    const [row, other] = [Math.floor(entry / marks), Math.floor(earlier / marks)];
    const turn = this.turns[(entry - row * marks) * marks + earlier - other * marks];
    if (turn !== noTurn && other !== row) this.candidate(row, turn, other);
  }

  private candidate(row: number, turn: number, other: number): void {
    const { persons } = this.gallery;
    this.input.candidates[this.team.worker]++;
    if (this.input.keepsGenuine && persons[row] === persons[other]) this.compare(row, turn, other);
    else this.glance.add(row, turn, other);
  }

  private compare(row: number, turn: number, other: number): void {
    const { matcher, gallery, input } = this;
    matcher.probe(row);
    matcher.turn(turn);
    const counts = matcher.compareOne(other);
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
