/**
 * The simulator's pace, bare and under Raft, with and without a trace, and that of whole storms.
 * The peer of each row is the pace that was asked of it.
 */
import { Raft, RaftClient, raftStorm } from "dabbawala/consensus";
import type { RaftMessage, RaftTimer } from "dabbawala/consensus";
import { Simulator, runStorms } from "dabbawala/hosts";
import type { Event, Host, Message } from "dabbawala/protocol";
import { rate, timeOf, timing } from "./benchmark";
import type { BenchmarkRow } from "./benchmark";

const rounds = 3;
const ids = ["n1", "n2", "n3", "n4", "n5"];

export async function run(): Promise<BenchmarkRow[]> {
  return [
    await paceRow("ping-pong and timers, 5 nodes, no trace", 1e6, () => pingPong(false, 25_000)),
    await paceRow("ping-pong and timers, 5 nodes, traced", 200e3, () => pingPong(true, 3_000)),
    await paceRow("Raft under load, 5 servers, no trace", undefined, () => raft(false, 1_000)),
    await paceRow("Raft under load, 5 servers, traced", undefined, () => raft(true, 1_000)),
    await stormRow(),
  ];
}

interface Ping extends Message {
  readonly type: "ping";
  readonly round: number;
}

/** Each node keeps a message going with every other one, and a timer of its own. */
class Pinger {
  constructor(
    readonly id: string,
    readonly peers: readonly string[],
  ) {}

  handle(event: Event<Ping, "tick">, host: Host<Ping, "tick">): void {
    if (event.kind === "message") {
      return host.send(event.from, { type: "ping", round: event.message.round + 1 });
    }
    host.setTimer("tick", 1);
    if (event.kind === "start") {
      for (const peer of this.peers) host.send(peer, { type: "ping", round: 0 });
    }
  }
}

/** Returns how many events there were. */
function pingPong(isTraced: boolean, untilMs: number): number {
  const simulator = new Simulator<Ping, "tick">({ seed: 1, isTraced });
  for (const id of ids) simulator.add(id, Pinger, { peers: ids.filter((peer) => peer !== id) });
  return simulator.run({ untilMs }).events;
}

function raft(isTraced: boolean, untilMs: number): number {
  const simulator = new Simulator<RaftMessage, RaftTimer>({ seed: 1, isTraced });
  for (const id of ids) simulator.add(id, Raft);
  for (let client = 1; client <= 16; client++) {
    const operations = Array.from({ length: 20_000 }, (_, i) => {
      return { command: { op: "put", key: `k${i % 100}`, value: `${client} ${i}` } };
    });
    simulator.add(`c${client}`, RaftClient, { peers: ids, options: { operations, thinkMs: 1 } });
  }
  return simulator.run({ untilMs }).events;
}

async function paceRow(
  what: string,
  asked: number | undefined,
  play: () => number,
): Promise<BenchmarkRow> {
  let events = play();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    times.push(await timeOf(() => (events = play())));
  }
  const { medianMs } = timing(times);
  return {
    work: `simulator: ${what}, ${Math.round(events / 1_000)}k events`,
    ours: rate(events, "events", medianMs),
    peer: asked === undefined ? "for information" : `asked ${rate(asked, "events", 1_000)}`,
    ratio: asked === undefined ? 1 : (events / medianMs) * (1_000 / asked),
    bar: asked === undefined ? null : 1,
  };
}

const stormSeconds = 60;

async function stormRow(): Promise<BenchmarkRow> {
  const seeds = 1_000;
  let failures = 0;
  const ms = await timeOf(async () => {
    failures = (await runStorms(raftStorm as Parameters<typeof runStorms>[0], { seeds })).failures
      .length;
  });
  if (failures > 0) throw new Error(`${failures} storms failed: npx dabbawala storm raft`);
  return {
    work: "1,000 Raft storms, 5 servers, 10 simulated seconds of faults, 2 cores",
    ours: `${(ms / 1_000).toFixed(1)} s`,
    peer: `asked ${stormSeconds} s`,
    ratio: (stormSeconds * 1_000) / ms,
    bar: 1,
  };
}
