/** All pairs of a gallery, tile by tile; see compare-all.ts. */
import type { Kernel } from "../../../graph/team/kernel";
import type { Team } from "../../../graph/team/team";
import { normalisedDistance } from "./decision";
import { IrisGallery } from "./gallery";
import type { GalleryArrays } from "./gallery";
import { MatchList } from "./match-list";
import type { MatchArrays } from "./match-list";
import { commonOf, differingOf, makeMatcher } from "./matcher";
import type { IrisMatcher, MatcherKind } from "./matcher";
import { irisBits } from "./picture";

export interface CompareInput {
  readonly gallery: GalleryArrays;
  readonly turns: Int8Array;
  readonly threshold: number;
  readonly kind: MatcherKind;
  readonly found: MatchArrays;
  /** A worker's three histograms after the other: genuine, impostor, impostor unturned. */
  readonly counts: Float64Array;
}

export const distanceBins = 500;

/** Pictures of a tile stay in a core's second cache: 256 KB. */
const tileRows = 512;

/** For each number of common bits the distance is a straight line in those that differ. */
const distanceOffset = Float64Array.from({ length: irisBits + 1 }, (_, common) =>
  normalisedDistance(0, common),
);
const distanceSlope = Float64Array.from({ length: irisBits + 1 }, (_, common) =>
  common === 0 ? 0 : normalisedDistance(1, common) - distanceOffset[common],
);

export const run: Kernel<CompareInput>["run"] = (input, team, tell) => {
  const tiles = Math.ceil(input.gallery.count / tileRows);
  const blocks = (tiles * (tiles + 1)) / 2;
  const work = new TileComparer(input, team);
  team.each(blocks, (block) => {
    // Block b is the tile at row r and column c of a triangle: b = r (r + 1) / 2 + c.
    const row = Math.floor((Math.sqrt(8 * block + 1) - 1) / 2);
    work.compare(row * tileRows, (block - (row * (row + 1)) / 2) * tileRows);
    if (team.worker === 0) tell(block + 1, blocks);
  });
};

class TileComparer {
  private readonly gallery: IrisGallery;
  private readonly matcher: IrisMatcher;
  private readonly found: MatchList;
  private readonly best = new Float64Array(tileRows);
  private readonly bestTurn = new Int8Array(tileRows);
  private readonly histogramsAt: number;

  constructor(
    private readonly input: CompareInput,
    team: Team,
  ) {
    this.gallery = new IrisGallery(input.gallery);
    this.matcher = makeMatcher(this.gallery, { kind: input.kind, worker: team.worker });
    this.found = new MatchList(input.found);
    this.histogramsAt = team.worker * 3 * distanceBins;
  }

  /** The pictures from `firstRow` with those from `first`, each pair once. */
  compare(firstRow: number, first: number): void {
    const endRow = Math.min(firstRow + tileRows, this.gallery.count);
    for (let row = firstRow; row < endRow; row++) {
      const count = Math.min(first + tileRows, row) - first;
      if (count > 0) this.compareRow(row, first, count);
    }
  }

  private compareRow(row: number, first: number, count: number): void {
    this.matcher.probe(row);
    this.best.fill(1);
    for (const turn of this.input.turns) {
      this.matcher.turn(turn);
      this.take(this.matcher.compare(first, count), turn);
      if (turn === 0) this.countUnturned(row, first, count);
    }
    const { persons } = this.gallery;
    for (let i = 0; i < count; i++) {
      const distance = this.best[i];
      this.count(persons[row] === persons[first + i] ? 0 : 1, distance);
      if (distance > this.input.threshold) continue;
      this.found.add({ row, of: first + i, rotation: this.bestTurn[i], distance });
    }
  }

  /** `normalisedDistance` by table: a root and a division a comparison would take longest. */
  private take(counts: Uint32Array, turn: number): void {
    const { best, bestTurn } = this;
    for (let i = 0; i < counts.length; i++) {
      const common = commonOf(counts[i]);
      const distance = distanceOffset[common] + differingOf(counts[i]) * distanceSlope[common];
      if (distance >= best[i]) continue;
      best[i] = distance;
      bestTurn[i] = turn;
    }
  }

  private countUnturned(row: number, first: number, count: number): void {
    const { persons } = this.gallery;
    for (let i = 0; i < count; i++) {
      if (persons[row] !== persons[first + i]) this.count(2, this.best[i]);
    }
  }

  private count(kind: number, distance: number): void {
    const bin = Math.min(distanceBins - 1, Math.floor(distance * distanceBins));
    this.input.counts[this.histogramsAt + kind * distanceBins + bin]++;
  }
}
