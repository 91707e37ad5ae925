/**
 * Durable tasks a second, from submission to known end, against BullMQ on Redis. On both sides a
 * server, a process of workers and one of clients; no-op tasks; as many in a batch, under way for a
 * client, and held by the worker. Each round has new servers, and warms up before it is measured.
 *
 * Equal durability: `always` is our sync before every answer (group commit, as Redis groups what
 * arrives together). `everysec` is written before the answer and synced within a second, and so is
 * ours; an outcome survives kill -9 at once, and the machine's end a second later.
 */
import { fork } from "node:child_process";
import { join } from "node:path";
import { processes } from "dabbawala/hosts";
import type { BenchmarkRow } from "../benchmark";
import { pause } from "../contest/closed-loops";
import { end, RedisServer, redisVersion } from "./redis";
import type { AppendSync } from "./redis";

const clients = 4;
const batch = 100;
const window = 1_000;
/** Tasks that the worker holds at a time. */
const held = 200;
const rounds = 5;
/** Some 20,000 tasks a side: what differs from round to round is more than what a second hides. */
const measuredMs = 1_250;
const warmUpMs = 750;

interface Measured {
  readonly perSecond: number;
  readonly serverCores: number;
}

export async function durableRows(): Promise<BenchmarkRow[]> {
  const version = redisVersion();
  if (version === undefined) {
    console.error("scheduling: no BullMQ, since Redis is missing: apt-get install redis-server");
    return [];
  }
  const rows: BenchmarkRow[] = [];
  for (const sync of ["always", "everysec"] as const) {
    const [ours, theirs]: Measured[][] = [[], []];
    for (let round = 0; round < rounds; round++) {
      if (round % 2 === 0) ours.push(await ourRound(sync));
      theirs.push(await bullRound(sync));
      if (round % 2 === 1) ours.push(await ourRound(sync));
    }
    const [own, peer] = [median(ours), median(theirs)];
    rows.push({
      work: `durable no-op tasks, ${clients} clients, batches of ${batch}, ${held} held by a worker`,
      ours: `${text(own)}, ${sync === "always" ? "synced before each answer" : "synced each second"}`,
      peer: `BullMQ on Redis ${version}, appendfsync ${sync}: ${text(peer)}`,
      ratio: own.perSecond / peer.perSecond,
      bar: 1,
    });
  }
  return rows;
}

async function ourRound(sync: AppendSync): Promise<Measured> {
  const module = join(__dirname, "no-op-worker.cjs");
  const worker = { capabilities: ["k"], slots: held / 2, prefetch: held / 2 };
  const cluster = await processes({
    protocol: { module, exportName: "SchedulerServer" },
    nodes: [
      { id: "n1", peers: [] },
      {
        ...{ id: "w1", peers: ["n1"], options: worker },
        protocol: { module, exportName: "SchedulerWorker" },
      },
    ],
    clients: {
      protocol: { module, exportName: "SchedulerClient" },
      ...{ count: clients, peers: ["n1"] },
      options: { load: { kinds: ["k"] }, batch, window },
    },
    saves: sync === "always" ? {} : { hasSync: false, syncEveryMs: 1_000 },
    maxHistory: 1,
  });
  const names = Array.from({ length: clients }, (_, index) => `c${index + 1}`);
  const done = async (): Promise<number> => {
    const fields = await Promise.all(names.map((name) => cluster.fields(name, ["counts"])));
    return fields.reduce((sum, each) => sum + (each?.["counts"] as { done: number }).done, 0);
  };
  const serverMs = async () => (await cluster.metrics()).places["n1"]?.cpuMs ?? 0;
  try {
    return await measure(done, serverMs);
  } finally {
    await cluster.stop();
  }
}

async function bullRound(sync: AppendSync): Promise<Measured> {
  const redis = await RedisServer.start(sync);
  const options = {
    port: redis.port,
    concurrency: held,
    producers: clients,
    batch,
    window,
    kept: 0,
  };
  const start = (role: string) =>
    fork(join(__dirname, "bullmq-place.cjs"), [role, JSON.stringify(options)]);
  const [worker, producer] = [start("worker"), start("producer")];
  let completed = 0;
  worker.on("message", (message: { completed?: number; failed?: string }) => {
    if (message.failed !== undefined) console.error(`BullMQ: a job failed: ${message.failed}`);
    completed = message.completed ?? completed;
    if (producer.connected) producer.send({ completed });
  });
  try {
    return await measure(
      () => completed,
      () => redis.cpuMs(),
    );
  } finally {
    await Promise.all([end(worker), end(producer)]);
    await redis.stop();
  }
}

async function measure(
  done: () => number | Promise<number>,
  serverMs: () => number | Promise<number>,
): Promise<Measured> {
  for (let tries = 0; (await done()) < batch; tries++) {
    if (tries === 1_000) throw new Error("no task has ended within 20 seconds");
    await pause(20);
  }
  await pause(warmUpMs);
  const [from, fromMs, fromCpu] = [await done(), performance.now(), await serverMs()];
  await pause(measuredMs);
  const [to, toMs, toCpu] = [await done(), performance.now(), await serverMs()];
  const elapsedMs = toMs - fromMs;
  return {
    perSecond: (1_000 * (to - from)) / elapsedMs,
    serverCores: (toCpu - fromCpu) / elapsedMs,
  };
}

function median(all: readonly Measured[]): Measured {
  const sorted = [...all].sort((a, b) => a.perSecond - b.perSecond);
  return sorted[sorted.length >> 1];
}

function text({ perSecond, serverCores }: Measured): string {
  const count = Math.round(perSecond).toLocaleString("en-GB");
  return `${count} tasks/s (server: ${serverCores.toFixed(2)} cores)`;
}
