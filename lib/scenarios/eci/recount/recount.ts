/**
 * A recount: constituencies counted again from the votes, machine by machine, beside what the
 * uploads said; each machine that said something else is named, with what it said.
 */
import { InputError, wholeInRange } from "../../../basics";
import type { ElectionFiles, VotesRow } from "../../../generators/votes";
import { votesOf } from "../count/tally";
import type { SeatCount } from "../count/seat-count";
import { readClaims } from "./claims";
import { countRawVotesByMachine } from "./raw-votes";
import type { RawTally, RawVoteOptions } from "./raw-votes";

/** A machine whose votes are not what its uploads said. */
export interface MachineDifference {
  readonly machine: string;
  readonly centre: string;
  readonly station: number;
  /** The upload that is wrong; "" where none came. */
  readonly upload: string;
  /** By candidate: what the upload said, less the votes; those that never came are all negative. */
  readonly change: readonly number[];
  readonly notaChange: number;
}

export interface Recount {
  readonly constituency: string;
  /** By candidate, in the order of the ballot. */
  readonly votes: readonly number[];
  readonly nota: number;
  readonly counted: number;
  /** Machines in which there were votes. */
  readonly machines: number;
  readonly differences: readonly MachineDifference[];
}

/**
 * Recounts `seats`, in their order. Throws InputError for files that are missing or lack a column,
 * and for votes of a candidate that there is not.
 */
export async function recount(
  files: Pick<ElectionFiles, "uploads" | "rawVotes">,
  seats: readonly Pick<SeatCount, "constituency" | "candidates">[],
  options: RawVoteOptions = {},
): Promise<Recount[]> {
  if (seats.length === 0) return [];
  const names = seats.map(({ constituency }) => constituency);
  const { onProgress, ...rest } = options;
  const told = { ...rest, onProgress: halfOf(onProgress, 0) };
  const machines = await countRawVotesByMachine(files.rawVotes, names, told);
  const claims = await readClaims(files.uploads, names, {
    ...rest,
    onProgress: halfOf(onProgress, 1),
  });
  return seats.map(({ constituency, candidates }) => {
    const own = machines.get(constituency) ?? new Map<string, RawTally>();
    return recountSeat(constituency, candidates.length, {
      machines: own,
      claims: claims.get(constituency) ?? [],
    });
  });
}

/** Two passes of the same length, as far as anybody has to know. */
function halfOf(
  onProgress: RawVoteOptions["onProgress"],
  pass: number,
): RawVoteOptions["onProgress"] {
  return onProgress && ((done, total) => onProgress(pass * total + done, 2 * total));
}

interface BothSides {
  readonly machines: ReadonlyMap<string, RawTally>;
  readonly claims: readonly VotesRow[];
}

function recountSeat(constituency: string, candidates: number, both: BothSides): Recount {
  wholeInRange("candidates", candidates, { min: 1, max: 1_000 });
  const votes = new Array<number>(candidates).fill(0);
  let [nota, counted] = [0, 0];
  for (const tally of both.machines.values()) {
    if (tally.votes.length > candidates) {
      const serials = `${tally.votes.length}, but the candidates are 1 to ${candidates}`;
      throw new InputError(`the votes of ${constituency} name candidate ${serials}`);
    }
    tally.votes.forEach((one, at) => (votes[at] = (votes[at] ?? 0) + one));
    nota += tally.nota;
    counted += tally.counted;
  }
  const differences = differencesOf(both, candidates);
  return { constituency, votes, nota, counted, machines: both.machines.size, differences };
}

const noVotes: RawTally = { votes: [], nota: 0, counted: 0 };

function differencesOf({ machines, claims }: BothSides, candidates: number): MachineDifference[] {
  const heard = new Set<string>();
  const seen = new Set<string>();
  const differences: MachineDifference[] = [];
  for (const row of claims) {
    heard.add(row.machine);
    const found = machines.get(row.machine) ?? noVotes;
    const difference = compare(row, found);
    const text = JSON.stringify(difference);
    if (difference === undefined || seen.has(text)) continue; // the same upload again
    seen.add(text);
    differences.push(difference);
  }
  for (const [machine, tally] of machines) {
    if (!heard.has(machine)) differences.push(neverCame(machine, tally, candidates));
  }
  return differences.sort((a, b) => (a.machine < b.machine ? -1 : 1));
}

function compare(row: VotesRow, found: RawTally): MachineDifference | undefined {
  const claimed = votesOf(row);
  const change = claimed.map((one, at) => one - (found.votes[at] ?? 0));
  const notaChange = row.nota - found.nota;
  if (notaChange === 0 && change.every((one) => one === 0)) return undefined;
  const { machine, centre, station, upload } = row;
  return { machine, centre, station, upload, change, notaChange };
}

/** The station is not known here: the finding of the count has it. */
function neverCame(
  machine: string,
  { votes, nota }: RawTally,
  candidates: number,
): MachineDifference {
  const change = Array.from({ length: candidates }, (_, at) => -(votes[at] ?? 0));
  return { machine, centre: "", station: -1, upload: "", change, notaChange: -nota };
}
