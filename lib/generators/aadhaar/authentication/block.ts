/**
 * One block of authentication events, from the seed and the block's number alone. People are the
 * first quarter as many rows of the `aadhaar` data set of the same seed, so the two can be joined.
 * Those who are refused mostly try again soon, within the block.
 */
import { Random } from "../../../basics";
import type { Spec } from "../../data-set";
import { districts } from "../../india/districts";
import { states } from "../../india/states";
import { formatAadhaar } from "../number";
import { Register } from "../record";
import { burstRows, planBursts, windowRows } from "./bursts";
import type { Burst } from "./bursts";
import { makeAuthenticationColumns, noDistance, noScore } from "./columns";
import type { AuthenticationColumns } from "./columns";
import {
  agencyTable,
  authenticationCurve,
  drawLatencyMs,
  drawOutcome,
  ErrorCode,
  impostorModalityTable,
  modalityTable,
  usesDevice,
} from "./model";
import type { Outcome } from "./model";

/** Rows of a block. Part of the format: another number makes other events from the same seed. */
export const authenticationBlockRows = 16_384;

/** A row in a burst, as told beside the data. */
export interface AuthenticationTruth {
  readonly row: number;
  readonly fault: "failed-burst";
  readonly burst: string;
  readonly kind: Burst["kind"];
  readonly aadhaar: string;
}

interface Attempt {
  readonly aadhaar: number;
  readonly agency: number;
  readonly state: number;
  readonly device: number;
  readonly modality: number;
  readonly isGenuine: boolean;
}

/** Streams of random numbers of events lie behind those of records and their faults. */
const eventStream = 2_000_000_000;
/** Some people authenticate far more often: the exponent that bends an even draw. */
const activityExponent = 1.3;
const retryShare = 0.7;
const eventsPerDevice = 200;
const totalPopulation = districts.reduce((sum, district) => sum + district.population, 0);
const statePopulations = states.map((_, state) =>
  districts.reduce((sum, d) => sum + (d.state === state ? d.population : 0), 0),
);

export function authenticationBlockCount(spec: Spec): number {
  return Math.ceil(spec.rows / authenticationBlockRows);
}

/** People whom the events are of: rows 0 to this - 1 of the `aadhaar` data set. */
export function authenticatedPeople(spec: Spec): number {
  return Math.ceil(spec.rows / 4);
}

export function makeAuthenticationBlock(
  spec: Spec,
  block: number,
): { columns: AuthenticationColumns; truth: AuthenticationTruth[] } {
  return new BlockWriter(spec, block).make();
}

class BlockWriter {
  private readonly random: Random;
  private readonly register: Register;
  private readonly people: number;
  private readonly first: number;
  private readonly columns: AuthenticationColumns;
  private readonly truth: AuthenticationTruth[] = [];
  private readonly retries = new Map<number, Attempt>();
  private readonly outcome: Outcome = {
    fingerprintScore: noScore,
    irisThousandths: noDistance,
    error: 0,
  };

  constructor(
    private readonly spec: Spec,
    block: number,
  ) {
    this.random = new Random(spec.seed, eventStream + block);
    this.register = new Register(spec.seed);
    this.people = authenticatedPeople(spec);
    this.first = block * authenticationBlockRows;
    this.columns = makeAuthenticationColumns(
      Math.min(authenticationBlockRows, spec.rows - this.first),
    );
  }

  make(): { columns: AuthenticationColumns; truth: AuthenticationTruth[] } {
    const { rows } = this.columns;
    for (let start = 0; start < rows; start += windowRows) {
      this.window(start, Math.min(start + windowRows, rows));
    }
    return { columns: this.columns, truth: this.truth };
  }

  private window(start: number, end: number): void {
    const firstRow = this.first + start;
    const rows = end - start;
    const rate = this.spec.faults ?? 0;
    const bursts = planBursts({ rows, rate, firstRow, people: this.people }, this.random);
    const startMs = authenticationCurve.timeAtShare(firstRow / this.spec.rows);
    const endMs = authenticationCurve.timeAtShare((firstRow + rows) / this.spec.rows);
    for (let row = start; row < end; row++) {
      this.columns.timeMs[row] = startMs + ((endMs - startMs) * (row - start)) / rows;
      this.event(row, bursts[row - start]);
    }
  }

  private event(row: number, burst: Burst | undefined): void {
    const attempt =
      burst === undefined ? (this.retries.get(row) ?? this.genuine()) : this.impostor(burst);
    this.retries.delete(row);
    this.write(row, attempt);
    if (burst !== undefined) this.tell(row, burst, attempt);
    else if (this.outcome.error !== ErrorCode.none) this.planRetry(row, attempt);
  }

  private genuine(): Attempt {
    const person = Math.floor(this.people * Math.pow(this.random.next(), activityExponent));
    const modality = modalityTable.draw(this.random);
    return this.attempt(person, { modality, isGenuine: true, deviceDraw: this.random.next() });
  }

  private impostor({ kind, person, deviceDraw }: Burst): Attempt {
    const isDevice = kind === "device";
    const modality = isDevice ? 0 : impostorModalityTable.draw(this.random);
    const target = isDevice ? this.random.below(this.people) : person;
    const state = isDevice ? this.stateOf(person) : undefined;
    const draw = isDevice ? deviceDraw : this.random.next();
    return this.attempt(target, { modality, isGenuine: false, deviceDraw: draw, state });
  }

  /** `state`: where it happens; the person's own by default. */
  private attempt(
    person: number,
    how: { modality: number; isGenuine: boolean; deviceDraw: number; state?: number },
  ): Attempt {
    const { modality, isGenuine, deviceDraw, state = this.stateOf(person) } = how;
    return {
      aadhaar: this.register.numbers.of(person),
      agency: agencyTable.draw(this.random),
      state,
      device: usesDevice[modality] ? 1 + Math.floor(deviceDraw * this.devicesIn(state)) : 0,
      modality,
      isGenuine,
    };
  }

  private stateOf(person: number): number {
    return districts[this.register.districtOf(person)].state;
  }

  private devicesIn(state: number): number {
    const share = statePopulations[state] / totalPopulation;
    return Math.ceil((share * this.spec.rows) / eventsPerDevice);
  }

  private write(row: number, attempt: Attempt): void {
    const { columns, outcome } = this;
    drawOutcome(attempt, this.random, outcome);
    const minute = Math.floor(columns.timeMs[row] / 60_000);
    const load = authenticationCurve.byMinute[minute];
    const { error } = outcome;
    columns.aadhaar[row] = attempt.aadhaar;
    columns.agency[row] = attempt.agency;
    columns.state[row] = attempt.state;
    columns.device[row] = attempt.device;
    columns.modality[row] = attempt.modality;
    columns.fingerprintScore[row] = outcome.fingerprintScore;
    columns.irisThousandths[row] = outcome.irisThousandths;
    columns.error[row] = error;
    columns.latencyMs[row] = drawLatencyMs(
      { modality: attempt.modality, error, load },
      this.random,
    );
  }

  /** The same person on the same device, five rows later at the earliest. */
  private planRetry(row: number, attempt: Attempt): void {
    if (!this.random.chance(retryShare)) return;
    const at = row + 5 + this.random.below(burstRows);
    if (at < this.columns.rows) this.retries.set(at, attempt);
  }

  private tell(row: number, { name, kind }: Burst, attempt: Attempt): void {
    const aadhaar = formatAadhaar(attempt.aadhaar);
    this.truth.push({ row: this.first + row, fault: "failed-burst", burst: name, kind, aadhaar });
  }
}
