/** One election in the simulator, with its messages counted by their type. */
import { Random, oneOf, wholeInRange } from "../../../basics";
import { Simulator } from "../../../hosts";
import type { Event, Host, Message, NodeId, Protocol, Trace } from "../../../protocol";
import { Bully } from "../bully";
import type { BullyMessage } from "../bully";
import { ChangRoberts } from "../chang-roberts";
import { HirschbergSinclair } from "../hirschberg-sinclair";
import { Lcr } from "../lcr";

export interface ElectionCount {
  /** By type, from the first message until nothing is left to say. */
  readonly messages: Readonly<Record<string, number>>;
  /** The only one that led in the end; null: none, or several. */
  readonly leader: NodeId | null;
  /** Until the last node knew. */
  readonly tookMs: number;
  /** Empty unless it was asked for. */
  readonly trace: Trace<Message, unknown>;
}

export interface RingElection {
  readonly algorithm: "changRoberts" | "lcr" | "hirschbergSinclair";
  /** 2 to 10,000. */
  readonly nodes: number;
  /** Names along the ring; "random" draws them from the seed. Default "random". */
  readonly order?: "rising" | "falling" | "random";
  /** Those that begin, for Chang and Roberts; default: all. */
  readonly starters?: number;
  readonly seed: number;
  /** One way; default 1 ms. */
  readonly latencyMs?: number;
  readonly isTraced?: boolean;
}

const rings = { changRoberts: ChangRoberts, lcr: Lcr, hirschbergSinclair: HirschbergSinclair };

/** Throws a RangeError for a number out of range. */
export function countRingElection(election: RingElection): ElectionCount {
  const { algorithm, seed, order = "random", latencyMs = 1 } = election;
  oneOf("algorithm", algorithm, Object.keys(rings));
  oneOf("order", order, ["rising", "falling", "random"]);
  const nodes = wholeInRange("nodes", election.nodes, { min: 2, max: 10_000 });
  const starters = wholeInRange("starters", election.starters ?? nodes, { min: 1, max: nodes });
  const random = new Random(seed, 120);
  const ids = Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
  const ring = { rising: ids, falling: [...ids].reverse(), random: random.shuffle(ids) }[order];
  const count = new Counted(seed, latencyMs, election.isTraced);
  const beginners = new Set(random.shuffle(ids).slice(0, starters));
  for (const id of ids) {
    const more = { electionMs: 86_400_000, standsAtStart: beginners.has(id) };
    const options = algorithm === "changRoberts" ? { ring, ...more } : { ring };
    count.add(id, rings[algorithm] as unknown as AnyProtocol, { peers: ids, options });
  }
  return count.run(ids, 10 * nodes * latencyMs + 1_000);
}

export interface BullyElection {
  /** Of which the highest is dead; 2 to 1,000. */
  readonly nodes: number;
  /** Who notices it: 1 is the lowest. Default 1. */
  readonly starter?: number;
  readonly latencyMs?: number;
  readonly isTraced?: boolean;
}

/** One election of the bully algorithm: the highest is dead, and one node notices. */
export function countBullyElection(election: BullyElection): ElectionCount {
  const nodes = wholeInRange("nodes", election.nodes, { min: 2, max: 1_000 });
  const starter = wholeInRange("starter", election.starter ?? 1, { min: 1, max: nodes - 1 });
  const { latencyMs = 1 } = election;
  const ids = Array.from({ length: nodes }, (_, i) => `n${i + 1}`);
  const count = new Counted(1, latencyMs, election.isTraced);
  const patient = { heartbeatMs: 1e6, leaderTimeoutMs: 1e7, standsAtStart: false };
  const options = { ...patient, answerMs: 3 * latencyMs, coordinatorMs: 1e6 };
  const alive = ids.slice(0, -1);
  for (const id of alive) {
    const peers = ids.filter((peer) => peer !== id);
    count.add(id, Bully as unknown as AnyProtocol, { peers, options });
  }
  // The dead one: messages to it are sent, and nobody is there.
  count.add(ids[nodes - 1] as NodeId, Absent, { peers: [], options: {} });
  count.simulator.run({ untilMs: 0 });
  const stand: BullyMessage = { type: "stand", count: 0 };
  count.simulator.inject("outside", `n${starter}`, stand);
  return count.run(alive, 100 * latencyMs);
}

type AnyProtocol = Protocol<Message, unknown, object>;

class Absent {
  constructor(readonly id: NodeId) {}
  handle(): void {
    return;
  }
}

class Counted {
  readonly simulator: Simulator<Message, unknown>;
  private readonly messages: Record<string, number> = {};
  private lastMs = 0;

  constructor(seed: number, latencyMs: number, isTraced = false) {
    this.simulator = new Simulator<Message, unknown>({
      ...{ seed, isTraced, network: { latency: { kind: "constant", ms: latencyMs } } },
      onNote: ({ label, atMs }) => {
        if (label === "becameLeader" || label === "follows") this.lastMs = atMs;
      },
    });
  }

  add(id: NodeId, protocol: AnyProtocol, placement: { peers: NodeId[]; options: object }): void {
    const count = ({ type }: Message): void => {
      this.messages[type] = (this.messages[type] ?? 0) + 1;
    };
    const counting = class extends protocol {
      override handle(event: Event<Message, unknown>, host: Host<Message, unknown>): void {
        if (event.kind === "message" && event.from !== "outside") count(event.message);
        super.handle(event, host);
      }
    };
    this.simulator.add(id, counting as AnyProtocol, placement);
  }

  run(ids: readonly NodeId[], untilMs: number): ElectionCount {
    this.simulator.run({ untilMs });
    const nodes = ids.map((id) => this.simulator.nodeOf(id) as { leader?: NodeId | null });
    const leaders = new Set(nodes.map(({ leader }) => leader));
    const [leader = null] = leaders.size === 1 ? leaders : [];
    const { messages, lastMs: tookMs } = this;
    return { messages, leader, tookMs, trace: this.simulator.trace };
  }
}
