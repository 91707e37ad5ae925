/**
 * The linearizability checker against the plain search that Porcupine does, on Jepsen's histories
 * of etcd, and against itself as histories grow in length and in concurrency.
 */
import { join } from "node:path";
import { readdirSync } from "node:fs";
import { assert } from "dabbawala/basics";
import { casRegister, checkLinearizable, keyValue } from "dabbawala/checks";
import type { Model } from "dabbawala/checks";
import { lineChart } from "dabbawala/figures";
import type { Chart } from "dabbawala/figures";
import { operationsOf, readHistory } from "dabbawala/protocol";
import type { HistoryEvent } from "dabbawala/protocol";
import { plainSearch } from "../checks/plain-search";
import { randomHistory } from "../checks/random-history";
import { interleaved, timeOf, timing } from "./benchmark";
import type { BenchmarkRow } from "./benchmark";

const etcd = join(__dirname, "..", "checks", "data", "jepsen-etcd");

export async function run(): Promise<BenchmarkRow[]> {
  return [await etcdRow(), await keyValueRow(), ...(await growthRows())];
}

async function etcdRow(): Promise<BenchmarkRow> {
  const files = readdirSync(etcd).filter((name) => name.endsWith(".log"));
  const histories = files.map((name) => readHistory(join(etcd, name)));
  const model = casRegister();
  const { ours, peer, ratio } = await interleaved({
    // The verdict alone, as the peer gives it: evidence is not part of the contest.
    ours: () => histories.forEach((history) => verdictOf(history, model as Model)),
    peer: () => histories.forEach((history) => plainSearch(operationsOf(history), model)),
  });
  return {
    work: "51 Jepsen histories of etcd, cas-register",
    ours: `${ours.medianMs.toFixed(0)} ms`,
    peer: `plain search ${peer.medianMs.toFixed(0)} ms`,
    ratio,
    bar: 1,
  };
}

function verdictOf(history: HistoryEvent[], model: Model): string {
  return checkLinearizable(history, model).kind;
}

/** The plain search by keys, on values used again, so that neither side is spared the search. */
async function keyValueRow(): Promise<BenchmarkRow> {
  const history = keyValueHistory({ operations: 10_000, clients: 100, keys: 100, values: 7 });
  const model = keyValue() as Model;
  const byKey = new Map<unknown, ReturnType<typeof operationsOf>>();
  for (const operation of operationsOf(history)) {
    byKey.set(operation.key, [...(byKey.get(operation.key) ?? []), operation]);
  }
  const { ours, peer, ratio } = await interleaved({
    ours: () => checkLinearizable(history, model),
    peer: () => byKey.forEach((operations) => plainSearch(operations, model)),
  });
  return {
    work: "key-value, 10,000 operations, 100 clients, 100 keys",
    ours: `${ours.medianMs.toFixed(0)} ms`,
    peer: `plain search ${peer.medianMs.toFixed(0)} ms`,
    ratio,
    bar: null,
  };
}

/**
 * One time of `points`: milliseconds for a history of so many operations and clients on one key.
 */
interface Point {
  readonly operations: number;
  readonly clients: number;
  readonly medianMs: number;
}

/** Times against length and concurrency; all histories are linearizable, on one key. */
async function points(): Promise<Point[]> {
  const measured: Point[] = [];
  for (const clients of [5, 20, 100]) {
    for (const operations of [1_000, 10_000, 50_000]) {
      const history = keyValueHistory({ operations, clients, keys: 1, values: 7 });
      checkLinearizable(history, keyValue());
      const times: number[] = [];
      for (let round = 0; round < 3; round++) {
        times.push(await timeOf(() => checkLinearizable(history, keyValue())));
      }
      measured.push({ operations, clients, medianMs: timing(times).medianMs });
    }
  }
  return measured;
}

export async function charts(): Promise<Record<string, Chart>> {
  return { operations: pointsChart(await points()), clients: clientsChart(await crowds()) };
}

/** Milliseconds for 10,000 operations of so many clients, by what they do. */
interface Crowd {
  readonly clients: number;
  readonly work: string;
  readonly medianMs: number;
}

/** What Porcupine's own histories of a key-value store are made of, and two easier kinds. */
const works: Readonly<Record<string, Omit<Size, "operations" | "clients">>> = {
  "every value once": { keys: 10, values: 10_000 },
  "seven values": { keys: 10, values: 7 },
  appends: { keys: 10, values: 10_000, appends: 0.3 },
  "appends, one key": { keys: 1, values: 10_000, appends: 0.3 },
  "appends, wrong": { keys: 10, values: 10_000, appends: 0.3, lies: 0.005 },
};

async function crowds(): Promise<Crowd[]> {
  const measured: Crowd[] = [];
  for (const [work, size] of Object.entries(works)) {
    for (const clients of [1, 5, 10, 20, 50, 100]) {
      const history = keyValueHistory({ operations: 10_000, clients, ...size });
      judged(history, size.lies === undefined);
      const times: number[] = [];
      for (let round = 0; round < 3; round++) {
        times.push(await timeOf(() => judged(history, size.lies === undefined)));
      }
      measured.push({ clients, work, medianMs: timing(times).medianMs });
    }
  }
  return measured;
}

function judged(history: HistoryEvent[], isRight: boolean): void {
  const { kind } = checkLinearizable(history, keyValue());
  assert(kind === (isRight ? "linearizable" : "not linearizable"), "the verdict is right", {
    kind,
  });
}

function clientsChart(measured: readonly Crowd[]): Chart {
  return lineChart({
    data: measured.map(({ clients, work, medianMs }) => ({ clients, work, medianMs })),
    x: { field: "clients", title: "clients", scale: "log" },
    y: { field: "medianMs", title: "time (ms)", scale: "log" },
    series: { field: "work", title: "key-value store" },
    title: "Checking 10,000 operations of a key-value store",
    caption: "The time grows with the concurrency, but in no case exponentially.",
  });
}

function pointsChart(measured: readonly Point[]): Chart {
  return lineChart({
    data: measured.map(({ operations, clients, medianMs }) => ({ operations, clients, medianMs })),
    x: { field: "operations", title: "operations", scale: "log" },
    y: { field: "medianMs", title: "time (ms)", scale: "log" },
    series: { field: "clients", title: "clients" },
    title: "Checking a linearizable history of one key",
    caption: "The time grows with the operations, and little with the clients.",
  });
}

/** How far from linear growth: 1 means that ten times the operations take ten times the time. */
async function growthRows(): Promise<BenchmarkRow[]> {
  const measured = await points();
  const rows = measured.filter(({ operations }) => operations > 1_000);
  return rows.map(({ operations, clients, medianMs }) => {
    const small = measured.find((p) => p.clients === clients && p.operations === 1_000) as Point;
    const times = operations / small.operations;
    return {
      work: `one key, ${clients} clients, ${operations.toLocaleString("en-GB")} operations`,
      ours: `${medianMs.toFixed(0)} ms`,
      peer: `${times} x the time of 1,000: ${(times * small.medianMs).toFixed(0)} ms`,
      ratio: (times * small.medianMs) / medianMs,
      bar: null,
    };
  });
}

interface Size {
  /** Shares of operations that append, and of answers that are wrong; default 0. */
  readonly appends?: number;
  readonly lies?: number;
  readonly operations: number;
  readonly clients: number;
  readonly keys: number;
  readonly values: number;
}

function keyValueHistory({ operations, clients, keys, values, ...rest }: Size): HistoryEvent[] {
  const { appends = 0, lies = 0 } = rest;
  return randomHistory(1, keyValue() as Model, {
    processes: clients,
    operations,
    call: (random, index) => {
      const key = `k${random.below(keys)}`;
      if (random.chance(0.5)) return { f: "get", key };
      const f = random.chance(appends) ? "append" : "put";
      return { f, key, value: appends > 0 ? `x ${index} y` : index % values };
    },
    lieRate: lies,
    lies: appends > 0 ? ["x 1 y", "x 2 yx 3 y"] : [0, 1],
    answer: (state, { f, value }) => (f === "get" ? state : value),
  });
}
