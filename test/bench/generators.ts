/**
 * Rows a second of each data set, on one core and by `npx dabbawala generate` as it is, against the
 * usual maker of fake data, which has one thread only.
 */
import { mkdtempSync, rmSync } from "fs";
import { availableParallelism, tmpdir } from "os";
import { join } from "path";
import { fakerEN_IN as faker } from "@faker-js/faker";
import { assert } from "dabbawala/basics";
import {
  actions,
  agencies,
  agencyWeights,
  authenticationCurve,
  constituencies,
  dataSets,
  devices,
  districts,
  encodedBlocks,
  gateways,
  genders,
  genderWeights,
  languages,
  modalities,
  modalityWeights,
  quotas,
  regions,
  states,
  stations,
  trains,
  travelClasses,
  writeDataSet,
  zipfWeights,
} from "dabbawala/generators";
import type { Spec } from "dabbawala/generators";
import { loadByMinute } from "dabbawala/dist/generators/irctc/load";
import { interleaved, rate } from "./benchmark";
import type { BenchmarkRow } from "./benchmark";

/** Rows are made as part of a large data set, as the blocks of one worker are. */
const spec: Spec = { rows: 10_000_000, seed: 1 };
const ourRows = 98_304;
const peerRows = 8_192;
/** As a file about 150 MB; in memory five times as many, so that the threads' start is small. */
const manyRows: Readonly<Record<string, number>> = {
  irctc: 1_500_000,
  aadhaar: 200_000,
  "aadhaar-auth": 1_200_000,
  votes: 1_200_000,
};

/**
 * Two peers for each data set: faker that draws every field by the same weights as we do, where it
 * has a weighted draw; and, to inform, faker that draws all fields evenly, which is less work.
 */
export async function run(): Promise<BenchmarkRow[]> {
  const results: BenchmarkRow[] = [];
  for (const name of Object.keys(rowsByFaker)) {
    results.push(await compare(name, weightedChoice), await compare(name, evenChoice));
    results.push(...(await compareDefault(name)));
  }
  return results;
}

type Ours = () => Promise<void>;

/**
 * What a user gets by default: made by as many threads as there are cores, their start included,
 * and then a file, flushed to the disk, whose speed bounds that row. The peer keeps its bytes.
 */
async function compareDefault(name: string): Promise<BenchmarkRow[]> {
  const folder = mkdtempSync(join(tmpdir(), "dabbawala-bench-"));
  const spec = { rows: manyRows[name], seed: 1 };
  const workers = availableParallelism();
  const makeRow = rowsByFaker[name](weightedChoice);
  const peer = (): number => fakeCsv(makeRow, peerRows).length;
  const row = async (work: string, rows: number, ours: Ours): Promise<BenchmarkRow> => {
    const { ours: our, peer: their, ratio } = await interleaved({ ours, peer });
    return {
      work: `${name} ${work}`,
      ours: rate(rows, "rows", our.medianMs),
      peer: `@faker-js/faker, one thread, ${rate(peerRows, "rows", their.medianMs)}`,
      ratio: (ratio * rows) / peerRows,
      bar: null,
    };
  };
  const large = { ...spec, rows: 5 * spec.rows };
  const inMemory = async (): Promise<void> => {
    let made = 0;
    for await (const { rows } of encodedBlocks(name, large, { format: "csv", workers })) {
      made += rows;
    }
    assert(made === large.rows, "all rows were made", { made });
  };
  const toFile = (): Promise<void> =>
    writeDataSet(name, spec, { format: "csv", out: join(folder, "ours.csv") });
  try {
    return [
      await row(`as CSV on all ${workers} cores`, large.rows, inMemory),
      await row(`as a CSV file on disk, all ${workers} cores`, spec.rows, toFile),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Neither side's rate depends on the number of rows, so that each makes enough to be timed. */
async function compare(name: string, choice: Choice): Promise<BenchmarkRow> {
  let [bytes, made] = [0, 0];
  const ours = (): void => {
    [bytes, made] = [0, 0];
    for (let block = 0; made < ourRows; block++) {
      const encoded = dataSets[name].encode(spec, block, "csv");
      bytes += encoded.bytes.length;
      made += encoded.rows;
    }
  };
  const makeRow = rowsByFaker[name](choice);
  const peer = (): number => fakeCsv(makeRow, peerRows).length;
  const { ours: our, peer: their, ratio } = await interleaved({ ours, peer });
  return {
    work: `${name} as CSV on one core`,
    ours: `${rate(made, "rows", our.medianMs)}, ${rate(bytes, "bytes", our.medianMs)}`,
    peer: `@faker-js/faker${choice.label} ${rate(peerRows, "rows", their.medianMs)}`,
    ratio: (ratio * made) / peerRows,
    bar: choice.bar,
  };
}

type MakeRow = (index: number) => (string | number)[];

function fakeCsv(row: MakeRow, count: number): Buffer {
  faker.seed(1);
  let text = "";
  for (let index = 0; index < count; index++) text += row(index).join(",") + "\n";
  return Buffer.from(text);
}

/** How faker chooses from a list of values with weights. */
interface Choice {
  readonly label: string;
  readonly bar: number | null;
  of<T>(values: readonly T[], weights: ArrayLike<number>): () => T;
}

const weightedChoice: Choice = {
  label: "",
  bar: 20,
  of(values, weights) {
    const choices = values.map((value, index) => ({ value, weight: weights[index] }));
    return () => faker.helpers.weightedArrayElement(choices);
  },
};

const evenChoice: Choice = {
  label: ", all evenly drawn,",
  bar: null,
  of: (values) => () => faker.helpers.arrayElement(values),
};

const pick = <T>(values: readonly T[]): T => faker.helpers.arrayElement(values);
const digits = (length: number): string =>
  faker.string.numeric({ length, allowLeadingZeros: true });
const whole = (min: number, max: number): number => faker.number.int({ min, max });
const day = (from: string, to: string): string =>
  faker.date.between({ from, to }).toISOString().slice(0, 10);
const two = (value: number): string => String(value).padStart(2, "0");
const minutes = Array.from(
  { length: 1_440 },
  (_, minute) => `2026-01-15T${two(Math.floor(minute / 60))}:${two(minute % 60)}`,
);
const clock = (minute: string): string => `${minute}:${digits(2)}.${digits(3)}`;
const populations = districts.map((district) => district.population);
const seatWeights = constituencies.map((seat) => seat.weight);

/** The fields of a row by name of the data set, with none of the relations between them. */
const rowsByFaker: Readonly<Record<string, (choice: Choice) => MakeRow>> = {
  irctc: fakeIrctc,
  aadhaar: fakeAadhaar,
  "aadhaar-auth": fakeAuthentication,
  votes: fakeVotes,
};

function fakeIrctc({ of }: Choice): MakeRow {
  const minute = of(minutes, loadByMinute);
  const train = of(trains, zipfWeights(trains.length, 0.9));
  const travelClass = of(travelClasses, [2, 9, 26, 7, 44, 12]);
  const quota = of(quotas, [84, 2, 6, 6, 2]);
  const status = of([200, 409, 503, 402], [90, 6, 2, 2]);
  const gateway = of(gateways, [62, 16, 15, 7]);
  const device = of(devices, [58, 14, 22, 6]);
  return () => [
    clock(minute()),
    `u${whole(0, 1_250_000)}`,
    `s${whole(0, 4_000_000)}`,
    pick(actions),
    train().number,
    pick(stations),
    pick(stations),
    travelClass(),
    quota(),
    digits(10),
    status(),
    whole(1, 5_000),
    gateway(),
    device(),
    pick(regions),
  ];
}

function fakeAadhaar({ of }: Choice): MakeRow {
  const gender = of(genders, genderWeights);
  const district = of(districts, populations);
  return () => {
    const { name, state } = district();
    return [
      digits(12),
      `${faker.person.firstName()} ${faker.person.lastName()}`,
      gender(),
      day("1931-01-01", "2011-03-01"),
      pick(languages),
      `${whole(1, 999)} ${faker.location.street()}`,
      name,
      states[state].name,
      digits(6),
      day("2011-03-02", "2020-12-31"),
      `C${digits(3)}-${digits(3)}`,
      `C${digits(3)}-${digits(3)}-${whole(1, 4)}`,
      faker.string.hexadecimal({ length: 512, prefix: "", casing: "lower" }),
    ];
  };
}

function fakeAuthentication({ of }: Choice): MakeRow {
  const minute = of(minutes, authenticationCurve.byMinute);
  const agency = of(agencies, agencyWeights);
  const district = of(districts, populations);
  const modality = of(modalities, modalityWeights);
  const error = of(["", "100", "300", "330", "400", "999"], [960, 3, 25, 3, 7, 2]);
  return (index) => {
    const { code, name } = states[district().state];
    return [
      clock(minute()),
      `t${index}`,
      digits(12),
      agency(),
      name,
      `${code}-${digits(5)}`,
      modality(),
      whole(0, 100),
      faker.number.float({ min: 0, max: 1, fractionDigits: 3 }),
      pick(["y", "n"]),
      error(),
      whole(1, 5_000),
    ];
  };
}

function fakeVotes({ of }: Choice): MakeRow {
  const minute = of(minutes, new Float64Array(1_440).fill(1));
  const seat = of(constituencies, seatWeights);
  return (index) => {
    const { code, state } = seat();
    return [
      `u${index}`,
      clock(minute()),
      clock(minute()),
      "evm",
      whole(0, 20),
      states[state].name,
      code,
      `${code}-${whole(1, 7)}`,
      whole(1, 2_000),
      whole(200, 1_500),
      whole(100, 1_400),
      whole(0, 3),
      `CU${digits(8)}`,
      whole(100, 1_400),
      whole(100, 1_400),
      whole(0, 20),
      Array.from({ length: 12 }, () => whole(0, 400)).join(";"),
      faker.string.hexadecimal({ length: 8, prefix: "", casing: "lower" }),
    ];
  };
}
