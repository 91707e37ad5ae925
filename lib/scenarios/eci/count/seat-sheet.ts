/**
 * The sheet on which one constituency is counted: every different upload of a station once, however
 * often and in whatever order it came. Sheets of parts of the uploads are merged.
 *
 * Guarantees: adding and merging are associative and commutative, and an upload that comes again
 * changes no total: the sheet is a set of uploads, with the times at which each came.
 * Cost: one object an upload; about a microsecond each.
 */
import type { VotesRow } from "../../../generators/votes";

/** One upload, and when it came, each time. */
export interface SheetEntry {
  readonly row: VotesRow;
  readonly receivedAt: readonly string[];
}

export class SeatSheet {
  /** By station and by what is said of it. */
  private readonly stations = new Map<number, Map<string, SheetEntry>>();

  add(row: VotesRow): void {
    this.addEntry({ row, receivedAt: [row.received] });
  }

  /** As if all that was added to `other` had been added here. */
  merge(other: SeatSheet): void {
    for (const station of other.stations.values()) {
      for (const entry of station.values()) this.addEntry(entry);
    }
  }

  /** The different uploads of a station, in an order that does not depend on their coming. */
  of(station: number): SheetEntry[] {
    const found = this.stations.get(station);
    if (found === undefined) return [];
    if (found.size === 1) return [...found.values()];
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  }

  /** From which anything came, in order. */
  stationNumbers(): number[] {
    return [...this.stations.keys()].sort((a, b) => a - b);
  }

  private addEntry(entry: SheetEntry): void {
    const { station } = entry.row;
    const found = this.stations.get(station) ?? new Map<string, SheetEntry>();
    this.stations.set(station, found);
    const content = contentOf(entry.row);
    const known = found.get(content);
    found.set(content, known === undefined ? entry : together(known, entry));
  }
}

/** All that an upload says, without when it was sent and under which number. */
export function contentOf(row: VotesRow): string {
  const { round, centre, issued, rejected, machine, form_17c, total, nota, votes, checksum } = row;
  return [votes, total, nota, form_17c, machine, checksum, issued, rejected, round, centre].join();
}

/** The name that is first stays, since which came first is not known here. */
function together(left: SheetEntry, right: SheetEntry): SheetEntry {
  const isLeft = nameOf(left) <= nameOf(right);
  return {
    row: isLeft ? left.row : right.row,
    receivedAt: [...left.receivedAt, ...right.receivedAt].sort(),
  };
}

function nameOf({ row }: SheetEntry): string {
  return `${row.received} ${row.upload} ${row.time}`;
}
