/** One constituency while its uploads come in. */
import type { Candidate, StationRow, VotesRow } from "../../../generators/votes";
import { SeatSheet } from "../count/seat-sheet";
import { settleStation } from "../count/settle-station";
import type { KnownStation } from "../count/accounting";
import type { Finding } from "../count/findings";
import { emptyTally, mergeTallies, tallyOf } from "../count/tally";
import type { Tally } from "../count/tally";
import { decideSeat } from "../results/decide-seat";
import type { SeatDecision } from "../results/decide-seat";

/** Of one upload that came. "withdrawn": it conflicts with one that stood, and neither does now. */
export type ReceiptKind = "counted" | "duplicate" | "set-aside" | "withdrawn";

export class LiveSeat {
  tally: Tally;
  /** Votes that may still come. */
  outstanding: number;
  private readonly sheet = new SeatSheet();
  private readonly known: ReadonlyMap<number, StationRow>;
  private readonly standing = new Map<number, VotesRow>();

  constructor(
    readonly constituency: string,
    readonly candidates: readonly Candidate[],
    readonly stations: readonly StationRow[],
  ) {
    this.tally = emptyTally(candidates.length);
    this.outstanding = stations.reduce((sum, { issued }) => sum + issued, 0);
    this.known = new Map(stations.map((station) => [station.station, station]));
  }

  receive(row: VotesRow): { kind: ReceiptKind; findings: readonly Finding[] } {
    const before = this.standing.get(row.station);
    const versions = this.sheet.of(row.station).length;
    this.sheet.add(row);
    const entries = this.sheet.of(row.station);
    if (entries.length === versions) return { kind: "duplicate", findings: [] };
    const station = this.known.get(row.station);
    const known = { station, candidates: this.candidates.length };
    const { standing, findings } = settleStation(entries, known);
    this.stand(row.station, before, standing);
    if (before === undefined && standing !== undefined) return { kind: "counted", findings: [] };
    const isWithdrawn = before !== undefined && standing === undefined;
    const own = ownFindings(row, known, findings);
    return { kind: isWithdrawn ? "withdrawn" : "set-aside", findings: own };
  }

  decision(lotSeed?: number): SeatDecision {
    const { constituency, outstanding, tally } = this;
    return decideSeat({ constituency, votes: tally.votes, outstanding }, { lotSeed });
  }

  /** `after` stands for the station now, in the place of `before`. */
  private stand(station: number, before: VotesRow | undefined, after: VotesRow | undefined): void {
    if (before === after) return;
    const issued = this.known.get(station)?.issued ?? 0;
    if (before !== undefined) {
      this.tally = mergeTallies(this.tally, negative(tallyOf(before)));
      this.standing.delete(station);
      this.outstanding += issued;
    }
    if (after === undefined) return;
    this.tally = mergeTallies(this.tally, tallyOf(after));
    this.standing.set(station, after);
    this.outstanding -= issued;
  }
}

/** What is wrong with the upload itself, or else that it contradicts another one. */
function ownFindings(row: VotesRow, known: KnownStation, all: readonly Finding[]): Finding[] {
  const { findings } = settleStation([{ row, receivedAt: [row.received] }], known);
  if (findings.length > 0) return [...findings];
  const isOwn = ({ upload, figures }: Finding): boolean =>
    upload === row.upload && figures.total === row.total;
  return all.filter((one) => one.kind === "conflicting-upload" && isOwn(one)).slice(0, 1);
}

function negative({ uploads, issued, rejected, counted, nota, votes }: Tally): Tally {
  return {
    ...{ uploads: -uploads, issued: -issued, rejected: -rejected, counted: -counted, nota: -nota },
    votes: votes.map((one) => -one),
  };
}
