/**
 * The rush on real processes: trains sharded over Raft groups, each with a gate or without one, a
 * payment gateway, and a crowd that does not wait for others. Three machines, a process each, have
 * a server of every shard; gates, gateway and crowd have a process each.
 */
import { InputError, inRange, wholeInRange } from "../../../../basics";
import type { RaftOptions } from "../../../../consensus/raft";
import { processes } from "../../../../hosts";
import type { Cluster, ServerPlan } from "../../../../hosts";
import type { BookingBooks } from "../books";
import type { GatewayOptions } from "../gateway";
import type { BookingServerOptions } from "../server";
import { shardOf } from "../shards";
import type { CrowdOptions } from "./crowd";
import type { BookingGateOptions } from "./gate";
import { gateOf, machines, serversOf } from "./names";
import type { CrowdRecord } from "./phase";
import { rushRequests } from "./simulate-rush";

export interface RealRush {
  /** Passengers a second, for one second each. */
  readonly perSecond: readonly number[];
  /** Raft groups of three servers, 1 to 9; default 3. */
  readonly shards?: number;
  /** Each shard's gate; null: the crowd asks the servers, and they refuse nobody. Default: one. */
  readonly gate?: Partial<BookingGateOptions> | null;
  readonly gateway?: Partial<GatewayOptions>;
  readonly raft?: Partial<RaftOptions>;
  /** On sale, 1 to 1,000; default 60. */
  readonly trains?: number;
  /** People ask again after so long, `tries` times; default 1,000 ms and 3. */
  readonly patienceMs?: number;
  readonly tries?: number;
  /** The crowd, the queues and the books are looked at so often, in ms; default 500. */
  readonly lookMs?: number;
  /** Payments are not waited for longer than this after the last passenger; default 30,000 ms. */
  readonly settleMs?: number;
  /** Kills a machine (0 to 2) so long after the first passenger, in ms; default: none. */
  readonly kill?: { readonly machine: number; readonly atMs: number };
}

/** One look at the running cluster. */
export interface RushLook {
  /** From the first passenger on. */
  readonly second: number;
  /** People without an answer, of whom `queue` wait in gates. */
  readonly waiting: number;
  readonly queue: number;
  /** Answered since the look before. */
  readonly served: number;
}

export interface RealRushResult extends CrowdRecord {
  readonly came: number;
  readonly gaveUp: number;
  /** Who had an answer while people still came, for each second of that. */
  readonly goodput: number;
  /** Tickets of people who had left: the servers' work, and nobody's. */
  readonly unclaimed: number;
  /** By gates. */
  readonly refused: number;
  readonly looks: readonly RushLook[];
  /** When all payments were answered, from the first passenger on, in ms. */
  readonly settledMs: number;
  /** Of each shard's leader, at the end. */
  readonly books: readonly BookingBooks[];
  /** What the gateway has, less what it has given back. */
  readonly bankPaise: number;
}

const of = (exportName: string) => ({ module: "dabbawala/scenarios/irctc", exportName });

/**
 * What suits a disk that syncs in under a millisecond and a network without delay; no server is
 * given up because its machine was busy for a second, and no snapshot falls into the measurement.
 */
const raftDefaults: Partial<RaftOptions> = {
  ...{ hasParallelWrites: true, maxInFlight: 2, heartbeatMs: 100, snapshotEvery: 10 ** 7 },
  ...{ electionTimeoutMinMs: 1_000, electionTimeoutMaxMs: 2_000 },
};

/** Rejects with RangeError for a wrong option, with InputError for what the machine refuses. */
export async function realRush(rush: RealRush): Promise<RealRushResult> {
  const { shards = 3, trains = 60, kill, lookMs = 500, settleMs = 30_000 } = rush;
  wholeInRange("the seconds of perSecond", rush.perSecond.length, { min: 1, max: 3_600 });
  for (const rate of rush.perSecond) inRange("perSecond", rate, { min: 0, max: 1_000_000 });
  wholeInRange("shards", shards, { min: 1, max: 9 });
  inRange("lookMs", lookMs, { min: 1, max: 60_000 });
  inRange("settleMs", settleMs, { min: 0, max: 3_600_000 });
  if (kill !== undefined) wholeInRange("kill.machine", kill.machine, { min: 0, max: machines - 1 });
  wholeInRange("trains", trains, { min: 1, max: 1_000 });
  const { plans, requests } = rushRequests(trains);
  const cluster = await startCluster({ ...rush, shards }, requests);
  try {
    await openTrains(cluster, plans, shards);
    return await watch(cluster, { ...rush, shards });
  } finally {
    await cluster.stop();
  }
}

type Sharded = RealRush & { readonly shards: number };

function startCluster(rush: Sharded, requests: CrowdOptions["requests"]): Promise<Cluster> {
  const { shards, gate = {}, gateway = {}, patienceMs = 1_000, tries = 3, perSecond } = rush;
  const raft = { ...raftDefaults, ...rush.raft };
  const maxUncommitted = gate === null ? 10 ** 6 : 10_000;
  const options: Partial<BookingServerOptions> = { maxUncommitted, ...raft };
  const groups = Array.from({ length: shards }, (_, shard) => serversOf(shard));
  const nodes = groups.flatMap((ids) =>
    ids.map((id, machine): ServerPlan => {
      const peers = ids.filter((other) => other !== id);
      return { id, peers, options: { ...options }, place: `machine-${machine + 1}` };
    }),
  );
  const bank = { id: "g1", protocol: of("PaymentGateway"), peers: [], options: { ...gateway } };
  const gates = groups.map((peers, shard): ServerPlan => {
    const own = { ...gate, retryMs: gate?.retryMs ?? 1_000 };
    const protocol = of("BookingGate");
    return { id: gateOf(shard), protocol, peers, options: own, place: "gates" };
  });
  const doors = gate === null ? groups : gates.map(({ id }) => [id]);
  const crowd = { requests, perSecond, patienceMs, tries, startMs: null, shards: doors };
  return processes({
    protocol: of("BookingServer"),
    nodes: [...nodes, bank, ...(gate === null ? [] : gates)],
    clients: { protocol: of("Crowd"), count: 1, options: crowd, peers: doors.flat() },
  });
}

/**
 * Leaders are spread over the machines, where nobody else has come first; resolves once all trains
 * are on sale.
 */
async function openTrains(
  cluster: Cluster,
  plans: ReturnType<typeof rushRequests>["plans"],
  shards: number,
): Promise<void> {
  for (let shard = 0; shard < shards; shard++) {
    const first = serversOf(shard)[shard % machines] as string;
    cluster.tell(first, { type: "timeoutNow", term: 0 } as never);
  }
  const patience = { timeoutMs: 60_000 };
  for (let shard = 0; shard < shards; shard++) {
    const leaders = (): Promise<string[]> => leadersOf(cluster, shard);
    await cluster.until(async () => (await leaders()).length > 0, patience);
    const [leader] = (await leaders()) as [string];
    const own = Object.entries(plans).filter(([name]) => shardOf(name, shards) === shard);
    for (const [departure, plan] of own) {
      const command = { op: "open", departure, plan, shard };
      cluster.tell(leader, { type: "command", requestId: 0, command } as never, "c1");
    }
    const areOpen = async (): Promise<boolean> => {
      const books = (await cluster.fields(leader, ["books"]))?.["books"] as BookingBooks;
      return books.departures === own.length;
    };
    await cluster.until(areOpen, patience);
  }
}

async function leadersOf(cluster: Cluster, shard: number): Promise<string[]> {
  const ids = serversOf(shard);
  const fields = await Promise.all(ids.map((id) => cluster.fields(id, ["role"])));
  return ids.filter((_, i) => fields[i]?.["role"] === "leader");
}

async function watch(cluster: Cluster, rush: Sharded): Promise<RealRushResult> {
  const { lookMs = 500, settleMs = 30_000, kill } = rush;
  const observer = new Observer(cluster, rush);
  const beganMs = performance.now();
  const ms = (): number => performance.now() - beganMs;
  cluster.tell("c1", { type: "begin" });
  const crowdMs = 1_000 * rush.perSecond.length;
  const endMs = crowdMs + (rush.patienceMs ?? 1_000) * (rush.tries ?? 3);
  const looks: RushLook[] = [];
  let isKilled = kill === undefined;
  while (ms() < endMs && !(ms() > crowdMs && looks.at(-1)?.waiting === 0)) {
    await new Promise((wake) => setTimeout(wake, lookMs - (ms() % lookMs)));
    if (!isKilled && kill !== undefined && ms() >= kill.atMs) {
      isKilled = true;
      await cluster.kill(serversOf(0)[kill.machine] as string);
    }
    looks.push(await observer.look(ms() / 1_000));
  }
  const { books, bankPaise } = await observer.settle(settleMs);
  const settledMs = ms();
  const people = await observer.crowd();
  const goodput = people.servedInRush / rush.perSecond.length;
  const refused = await observer.refused();
  const tickets = books.reduce((sum, { tickets: own }) => sum + own, 0);
  const unclaimed = tickets - people.tickets;
  const { came, gaveUp, cameBySecond, cameAtMs, times } = people;
  const crowd = { came, gaveUp, cameBySecond, cameAtMs, times };
  return { ...crowd, goodput, unclaimed, refused, looks, settledMs, books, bankPaise };
}

interface CrowdFields extends CrowdRecord {
  readonly came: number;
  readonly gaveUp: number;
  readonly tickets: number;
  readonly servedInRush: number;
}

/** Asks nodes for their fields; who does not answer counts as 0. */
class Observer {
  private served = 0;
  private readonly gates: readonly string[];
  private readonly shards: number;

  constructor(
    private readonly cluster: Cluster,
    { gate, shards }: Sharded,
  ) {
    this.shards = shards;
    this.gates = gate === null ? [] : Array.from({ length: shards }, (_, shard) => gateOf(shard));
  }

  async look(second: number): Promise<RushLook> {
    const fields = await this.cluster.fields("c1", ["waitingCount", "servedCount"]);
    const { waitingCount = 0, servedCount = 0 } = (fields ?? {}) as Record<string, number>;
    const served = servedCount - this.served;
    this.served = servedCount;
    return { second, waiting: waitingCount, queue: await this.sum(this.gates, "waiting"), served };
  }

  async crowd(): Promise<CrowdFields> {
    const fields = await this.cluster.fields("c1", [
      ...["came", "gaveUp", "tickets", "servedInRush", "cameBySecond", "cameAtMs", "times"],
    ]);
    if (fields === undefined) throw new InputError("the crowd's process has ended");
    return fields as unknown as CrowdFields;
  }

  refused(): Promise<number> {
    return this.sum(this.gates, "refused");
  }

  /**
   * Once nobody waits in a gate, every entry is agreed on and every order answered, at two looks
   * alike; or as it is `timeoutMs` later.
   */
  async settle(timeoutMs: number): Promise<{ books: BookingBooks[]; bankPaise: number }> {
    const endMs = performance.now() + timeoutMs;
    for (let last = ""; ;) {
      const shards = await Promise.all(
        Array.from({ length: this.shards }, (_, shard) => this.shardLook(shard)),
      );
      const underWay = await this.sum(this.gates, "unanswered");
      const bankPaise = await this.sum(["g1"], "keptPaise");
      const isIdle = underWay === 0 && shards.every((look) => look?.isIdle);
      const now = JSON.stringify({ shards, bankPaise });
      if ((isIdle && now === last) || performance.now() > endMs) {
        return { books: shards.flatMap((look) => look?.books ?? []), bankPaise };
      }
      last = now;
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }

  /** As its leader tells it; undefined while there is none. */
  private async shardLook(
    shard: number,
  ): Promise<{ books: BookingBooks; isIdle: boolean } | undefined> {
    const names = ["role", "currentTerm", "books", "uncommitted"];
    const found = await Promise.all(serversOf(shard).map((id) => this.cluster.fields(id, names)));
    const leaders = found.filter((fields) => fields?.["role"] === "leader");
    leaders.sort((left, right) => Number(right?.["currentTerm"]) - Number(left?.["currentTerm"]));
    const [leader] = leaders;
    if (leader === undefined) return undefined;
    const books = leader["books"] as BookingBooks;
    return { books, isIdle: books.orders === 0 && leader["uncommitted"] === 0 };
  }

  private async sum(nodes: readonly string[], field: string): Promise<number> {
    const fields = await Promise.all(nodes.map((id) => this.cluster.fields(id, [field])));
    return fields.reduce((sum, own) => sum + Number(own?.[field] ?? 0), 0);
  }
}
