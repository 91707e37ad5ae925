/**
 * The results while they come in: uploads late, out of order and more than once; who leads where,
 * and who is declared elected, which is said only when no vote that is left can overturn it.
 *
 * Assumes: what stands is true (checksum, ballot accounts and no other upload of the station say
 * so), and a station can add no more votes than it issued ballots.
 * Guarantees: totals are those of the count of the same uploads, in whatever order they come; a
 * declaration is never taken back. Should two uploads of a station turn out to differ afterwards,
 * the station counts no longer and the seat is disputed; only a court could undo the declaration
 * (Representation of the People Act 1951, section 80).
 * Cost: some 5 microseconds an upload; every upload is kept, about 600 bytes.
 */
import type { Candidate, StationRow, VotesRow } from "../../../generators/votes";
import { InputError } from "../../../basics";
import type { Finding } from "../count/findings";
import type { Tally } from "../count/tally";
import type { SeatDecision } from "../results/decide-seat";
import { LiveSeat } from "./live-seat";
import type { ReceiptKind } from "./live-seat";

/** A seat that is certain: the moment, and the figures of that moment. */
export interface Declaration {
  readonly constituency: string;
  readonly serial: number;
  readonly name: string;
  readonly party: string;
  readonly margin: number;
  /** Votes that were still to come, at most. */
  readonly outstanding: number;
  /** When the upload came that made it certain. */
  readonly received: string;
}

export interface Receipt {
  readonly kind: ReceiptKind;
  /** What is wrong with this upload. */
  readonly findings: readonly Finding[];
  /** Of the seat that this upload made certain. */
  readonly declaration?: Declaration;
}

export interface SeatStanding {
  readonly constituency: string;
  readonly candidates: readonly Candidate[];
  readonly tally: Tally;
  readonly stations: number;
  readonly outstanding: number;
  /** By what stands now. */
  readonly decision: SeatDecision;
  readonly declaration: Declaration | undefined;
  /** Declared, and later an upload that stood then was contradicted. */
  readonly isDisputed: boolean;
}

export class LiveCount {
  /** In the order in which they were made. */
  readonly declarations: Declaration[] = [];
  readonly findings: Finding[] = [];
  readonly counts: Record<ReceiptKind, number> = {
    ...{ counted: 0, duplicate: 0, "set-aside": 0, withdrawn: 0 },
  };
  private readonly seats = new Map<string, LiveSeat>();
  private readonly declared = new Map<string, Declaration>();
  private readonly disputed = new Set<string>();

  /**
   * `stations`: all that will be counted. `candidates`: by constituency. Throws InputError for a
   * constituency in which nobody stands.
   */
  constructor(
    stations: Iterable<StationRow>,
    candidates: ReadonlyMap<string, readonly Candidate[]>,
  ) {
    const own = new Map<string, StationRow[]>();
    for (const station of stations) {
      const known = own.get(station.constituency);
      if (known === undefined) own.set(station.constituency, [station]);
      else known.push(station);
    }
    for (const [constituency, rows] of [...own].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const stand = candidates.get(constituency) ?? [];
      if (stand.length === 0) throw new InputError(`nobody stands in ${constituency}`);
      this.seats.set(constituency, new LiveSeat(constituency, stand, rows));
    }
  }

  /** Takes an upload in, whenever it comes and however often. */
  receive(row: VotesRow): Receipt {
    const seat = this.seats.get(row.constituency);
    if (seat === undefined) return this.refuse(row);
    const { kind, findings } = seat.receive(row);
    this.counts[kind]++;
    this.findings.push(...findings);
    if (kind === "withdrawn" && this.declared.has(row.constituency)) {
      this.disputed.add(row.constituency);
    }
    const declaration = kind === "counted" ? this.declare(seat, row.received) : undefined;
    return { kind, findings, ...(declaration && { declaration }) };
  }

  /** Throws InputError for a constituency that is not known. */
  standing(constituency: string): SeatStanding {
    const seat = this.seats.get(constituency);
    if (seat === undefined) throw new InputError(`no constituency is called "${constituency}"`);
    const { candidates, tally, outstanding } = seat;
    return {
      ...{ constituency, candidates, tally, stations: seat.stations.length, outstanding },
      decision: seat.decision(),
      declaration: this.declared.get(constituency),
      isDisputed: this.disputed.has(constituency),
    };
  }

  /** Every constituency, in the order of their codes. */
  standings(): SeatStanding[] {
    return [...this.seats.keys()].map((constituency) => this.standing(constituency));
  }

  private refuse(row: VotesRow): Receipt {
    const { constituency, centre, station, machine, upload, total } = row;
    const place = { constituency, centre, station, machine, upload };
    const finding: Finding = { kind: "unknown-station", ...place, figures: { total } };
    this.counts["set-aside"]++;
    this.findings.push(finding);
    return { kind: "set-aside", findings: [finding] };
  }

  private declare(seat: LiveSeat, received: string): Declaration | undefined {
    const { constituency, candidates, outstanding } = seat;
    if (this.declared.has(constituency)) return undefined;
    const decision = seat.decision();
    if (decision.kind !== "elected") return undefined;
    const { serial, margin } = decision;
    const { name, party } = candidates[serial - 1];
    const made = { constituency, serial, name, party, margin, outstanding, received };
    this.declared.set(constituency, made);
    this.declarations.push(made);
    return made;
  }
}
