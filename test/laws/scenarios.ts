/**
 * For each exported protocol, a small system in which it has something to do. A protocol that is
 * not in the table runs as three nodes with default options; one that needs more is added here.
 */
import { describeCluster } from "dabbawala/batch";
import type { Simulator } from "dabbawala/hosts";
import type { Event, Host, Message, Node, Protocol } from "dabbawala/protocol";
import { SimulatedExecutor } from "dabbawala/dist/batch/map-reduce/simulation/executor";
import { SharedFileSystem } from "dabbawala/dist/batch/map-reduce/simulation/file-system";
import { DatasetClient, ResultStore } from "dabbawala/dist/batch/dataset/simulation/client";
import { SimulatedDatasetExecutor } from "dabbawala/dist/batch/dataset/simulation/executor";
import { SimulatedSortExecutor } from "dabbawala/dist/batch/sort/simulation/executor";
import { OutputFile } from "dabbawala/dist/batch/sort/simulation/output-file";
import * as dabbawala from "dabbawala";
import { attestation } from "./attestation-scenario";
import { booking } from "./booking-scenario";
import { balancingScenarios } from "./balancing-scenario";
import { cacheScenarios } from "./cache-scenarios";
import { lockScenarios } from "./lock-scenarios";
import { schedulingScenarios } from "./scheduling-scenarios";
import { zone } from "./zone-scenario";

export type AnyProtocol = Protocol<Message, unknown, object>;
export type AnySimulator = Simulator<Message, unknown>;

export interface Scenario {
  /** Nodes that faults may strike. */
  readonly names: readonly string[];
  /** All protocols of the scenario are in it at once: the laws need to look at it but once. */
  readonly isWhole?: boolean;
  add(simulator: AnySimulator, protocol: AnyProtocol): void;
}

const servers = ["n1", "n2", "n3"];

/** Every exported class with a method `handle`, by its name; scenarios have one shelf more. */
export function exportedProtocols(): ReadonlyMap<string, AnyProtocol> {
  const shelves = [...Object.values(dabbawala), ...Object.values(dabbawala.scenarios)];
  const found = shelves.flatMap((shelf) =>
    Object.entries(shelf as object).filter(([, value]) => {
      const prototype = typeof value === "function" ? (value.prototype as object) : undefined;
      return typeof (prototype as Partial<Node> | undefined)?.handle === "function";
    }),
  );
  return new Map(found as [string, AnyProtocol][]);
}

/** Sends its requests one after the other, to one server after the other, and hears no answer. */
export class Asker implements Node<Message, string> {
  asked = 0;
  constructor(
    readonly id: string,
    readonly peers: readonly string[],
    readonly options: { readonly requests?: readonly object[] } = {},
  ) {}

  handle(event: Event<Message, string>, host: Host<Message, string>): void {
    if (event.kind === "message") return;
    const { requests = [] } = this.options;
    const request = requests[this.asked % requests.length];
    const to = this.peers[this.asked % this.peers.length] as string;
    host.send(to, { ...request, requestId: ++this.asked } as unknown as Message);
    if (this.asked < 60) host.setTimer("ask", 20);
  }
}

function asked(...requests: readonly object[]): Scenario {
  return {
    names: servers,
    add(simulator, protocol) {
      for (const id of servers) simulator.add(id, protocol);
      const placement = { peers: servers, options: { requests } };
      simulator.add("c1", Asker as unknown as AnyProtocol, placement);
    },
  };
}

function raft(client: keyof typeof dabbawala.consensus, options: object): Scenario {
  return {
    isWhole: true,
    names: servers,
    add(simulator) {
      const { Raft } = dabbawala.consensus as unknown as Record<string, AnyProtocol>;
      const machine = { options: { snapshotEvery: 15, trailingEntries: 4 } };
      for (const id of servers) simulator.add(id, Raft, machine);
      const clientClass = dabbawala.consensus[client] as unknown as AnyProtocol;
      simulator.add("c1", clientClass, { peers: servers, options });
    },
  };
}

/** Four replicas, so that one may lie, and a client. */
const hotStuff: Scenario = {
  isWhole: true,
  names: [...servers, "n4"],
  add(simulator) {
    const { HotStuff, HotStuffClient } = dabbawala.consensus as unknown as Record<
      string,
      AnyProtocol
    >;
    const replicas = [...servers, "n4"];
    for (const id of replicas) simulator.add(id, HotStuff, { options: { keptBlocks: 10 } });
    simulator.add("c1", HotStuffClient, { peers: replicas, options: { operations } });
  },
};

const operations = Array.from({ length: 50 }, (_, i) => ({
  command: { op: "append", key: `k${i % 3}`, value: `${i},` },
}));

/** Four replicas of which no one is trusted, and a client that appends and reads. */
function pbft(client: keyof typeof dabbawala.consensus, options: object): Scenario {
  const names = [...servers, "n4"];
  return {
    isWhole: true,
    names,
    add(simulator) {
      const { Pbft } = dabbawala.consensus as unknown as Record<string, AnyProtocol>;
      const own = { checkpointEvery: 5, watermarkWindow: 10, requestTimeoutMs: 100, statusMs: 20 };
      for (const id of names) simulator.add(id, Pbft, { options: own });
      const clientClass = dabbawala.consensus[client] as unknown as AnyProtocol;
      simulator.add("c1", clientClass, { peers: names, options: { retryMs: 50, ...options } });
    },
  };
}

/** Four machines with a worker and its executor each, as `simulateJob` has them. */
const mapReduce: Scenario = {
  isWhole: true,
  names: ["m1", "m2", "m3", "m4"],
  add(simulator) {
    const { Coordinator, TaskWorker } = dabbawala.batch as unknown as Record<string, AnyProtocol>;
    const size = { workers: 4, maps: 8, reduces: 2, splitBytes: 50_000, recordsPerSplit: 20 };
    const { plan, workload, workers, costs } = describeCluster(size);
    simulator.add("n0", Coordinator, { peers: [], options: { reduceOutputs: "shared", plan } });
    simulator.add("gfs", SharedFileSystem as unknown as AnyProtocol, { peers: [] });
    workers.forEach((id, i) => {
      const place = { machine: `m${i + 1}`, peers: ["n0"] };
      simulator.add(id, TaskWorker, { ...place, options: { heartbeatMs: 100 } });
      const data = { worker: id, workload, costs, speed: 1, racks: plan.racks };
      const executor = SimulatedExecutor as unknown as AnyProtocol;
      simulator.add(`x${id}`, executor, { ...place, options: data });
    });
  },
};

/** Four machines with a worker and its executor each, as `simulateSort` has them. */
const sort: Scenario = {
  isWhole: true,
  names: ["m1", "m2", "m3", "m4"],
  add(simulator) {
    const { SortCoordinator, TaskWorker } = dabbawala.batch as unknown as Record<
      string,
      AnyProtocol
    >;
    const keys = Array.from({ length: 200 }, (_, i) => `${(i * 37) % 101}`);
    const splits = Array.from({ length: 10 }, (_, i) => {
      return { file: "in", startByte: 20 * i, endByte: 20 * (i + 1) };
    });
    simulator.add("n0", SortCoordinator, { peers: [], options: { splits } });
    simulator.add("out", OutputFile as unknown as AnyProtocol, { peers: [] });
    for (let i = 1; i <= 4; i++) {
      const place = { machine: `m${i}`, peers: ["n0"] };
      simulator.add(`n${i}`, TaskWorker, place);
      const executor = SimulatedSortExecutor as unknown as AnyProtocol;
      simulator.add(`xn${i}`, executor, { ...place, options: { worker: `n${i}`, keys } });
    }
  },
};

/** Four machines with a worker and its executor each, as `simulateDataset` has them. */
const dataset: Scenario = {
  isWhole: true,
  names: ["m1", "m2", "m3", "m4"],
  add(simulator) {
    const { DatasetCoordinator, TaskWorker } = dabbawala.batch as unknown as Record<
      string,
      AnyProtocol
    >;
    const at = (id: number, parents: readonly object[], isCached = false) => {
      return { id, name: `step ${id}`, partitions: 8, parents, isCached };
    };
    const wide = { kind: "wide", step: 2, shuffle: 1 };
    const steps = [at(1, []), at(2, [{ kind: "narrow", step: 1, offset: 0 }], true), at(3, [wide])];
    const plans = [1, 2, 3].map((job) => {
      return { job, target: job === 2 ? 2 : 3, partitions: [0, 3, 7], steps };
    });
    simulator.add("n0", DatasetCoordinator, { peers: [] });
    simulator.add("out", ResultStore as unknown as AnyProtocol, { peers: [] });
    simulator.add("c1", DatasetClient as unknown as AnyProtocol, { peers: [], options: { plans } });
    for (let i = 1; i <= 4; i++) {
      const place = { machine: `m${i}`, peers: ["n0"] };
      simulator.add(`n${i}`, TaskWorker, place);
      const executor = SimulatedDatasetExecutor as unknown as AnyProtocol;
      simulator.add(`xn${i}`, executor, { ...place, options: { worker: `n${i}`, steps } });
    }
  },
};

/** Three workers that compute the PageRank of a ring with a chord, as `simulatePregel` has them. */
const pregel: Scenario = {
  isWhole: true,
  names: servers,
  add(simulator) {
    const { PregelMaster, PregelWorker, CheckpointStore } = dabbawala.graph as unknown as Record<
      string,
      AnyProtocol
    >;
    const program = "pageRank";
    const ring = { sources: [0, 1, 2, 3, 0], targets: [1, 2, 3, 0, 2], vertices: 4 };
    const graph = { ...ring, isDirected: true };
    simulator.add("n0", PregelMaster, { peers: servers, options: { program, checkMs: 50 } });
    simulator.add("store", CheckpointStore, { peers: [] });
    for (const id of servers) {
      simulator.add(id, PregelWorker, { peers: ["n0"], options: { program, graph } });
    }
  },
};

/** Three nodes of the store and a client, with a cart that is read, changed and read again. */
const dynamo: Scenario = {
  isWhole: true,
  names: servers,
  add(simulator) {
    const { Dynamo, DynamoClient } = dabbawala.replication as unknown as Record<
      string,
      AnyProtocol
    >;
    const options = { partitions: 4, tokens: 4, merkleDepth: 2, antiEntropyMs: 50, isSloppy: true };
    for (const id of servers) simulator.add(id, Dynamo, { options });
    const carts = Array.from({ length: 20 }, (_, i) => [
      { op: "add", key: `cart-${i % 3}`, item: `${i}` },
      { op: "get", key: `cart-${i % 3}` },
    ]).flat();
    simulator.add("c1", DynamoClient, { peers: servers, options: { operations: carts } });
  },
};

/** Three members of a ring, and a client that puts, gets and looks up. */
const chord: Scenario = {
  names: servers,
  add(simulator, protocol) {
    const options = { stabilizeMs: 30, fingerMs: 40, repairMs: 50, timeoutMs: 20 };
    for (const id of servers) simulator.add(id, protocol, { options });
    const requests = [
      { type: "put", key: "seat", value: "आरक्षित" },
      { type: "get", key: "seat" },
      { type: "lookup", place: 7 },
    ];
    const asker = Asker as unknown as AnyProtocol;
    simulator.add("c1", asker, { peers: servers, options: { requests } });
  },
};

/** Three nodes that agree on a register, and two clients that change it. */
const casRegister: Scenario = {
  isWhole: true,
  names: servers,
  add(simulator) {
    const { CasRegister, CasClient } = dabbawala.replication as unknown as Record<
      string,
      AnyProtocol
    >;
    for (const id of servers) simulator.add(id, CasRegister);
    for (const id of ["c1", "c2"]) simulator.add(id, CasClient, { peers: servers });
  },
};

/** Three servers of a store and two branches that move money between two wallets. */
function wallets(server: "Dynamo" | "CasRegister"): Scenario {
  return {
    names: servers,
    add(simulator, protocol) {
      const store = dabbawala.replication[server] as unknown as AnyProtocol;
      for (const id of servers) simulator.add(id, store);
      const branches = ["c1", "c2"];
      for (const id of branches) {
        const transfers = Array.from({ length: 30 }, (_, i) => {
          const [from, to] = i % 2 === 0 ? ["asha", "ravi"] : ["ravi", "asha"];
          return { id: `${id}-${i}`, from, to, rupees: 1 + i };
        });
        const options = { transfers, opening: { asha: 1_000, ravi: 500 }, branches };
        simulator.add(id, protocol, { peers: servers, options });
      }
    },
  };
}

const alone: Scenario = {
  names: servers,
  add: (simulator, protocol) => servers.forEach((id) => simulator.add(id, protocol)),
};

const fast: Scenario = {
  names: servers,
  add: (simulator, protocol) =>
    servers.forEach((id) => simulator.add(id, protocol, { options: { heartbeatMs: 20 } })),
};

/** Periods short enough for many in the second and a half that a law lasts. */
const swim: Scenario = {
  names: servers,
  add(simulator, protocol) {
    const options = { periodMs: 20, probeTimeoutMs: 8, syncMs: 100 };
    for (const id of servers) simulator.add(id, protocol, { options });
  },
};

const tell = { type: "tell", rumour: { id: "news", content: "बारिश" } };

const raftClient = raft("RaftClient", { operations, retryMs: 100 });
const pbftClient = pbft("PbftClient", { operations, readsDirectly: false });

const scenarios: Readonly<Record<string, Scenario>> = {
  Swim: swim,
  RumourMonger: asked(tell, { type: "tell", rumour: { id: "more", content: 2 } }),
  Plumtree: asked(tell, { type: "tell", rumour: { id: "more", content: 2 } }),
  AntiEntropy: asked({ type: "write", key: "seat", value: 1 }, { type: "read", key: "seat" }),
  HeartbeatMonitor: fast,
  ...{ ZoneDispatcher: zone, RiderDesk: zone, ZoneRegistry: zone, ZoneCustomer: zone },
  ...{ Raft: raftClient, RaftClient: raftClient },
  ...{ Pbft: pbftClient, PbftClient: pbftClient },
  PbftLoadClient: pbft("PbftLoadClient", { count: 60, readShare: 0.3 }),
  RaftLoadClient: raft("RaftLoadClient", { count: 60, retryMs: 100 }),
  HotStuff: hotStuff,
  HotStuffClient: hotStuff,
  LinKv: asked(
    { type: "write", key: "seat", value: 1 },
    { type: "read", key: "seat" },
    { type: "cas", key: "seat", from: 1, to: 2 },
  ),
  Coordinator: mapReduce,
  SortCoordinator: sort,
  DatasetCoordinator: dataset,
  TaskWorker: mapReduce,
  PregelMaster: pregel,
  PregelWorker: pregel,
  CheckpointStore: pregel,
  ...lockScenarios,
  ...schedulingScenarios,
  ...{ CountingCentre: attestation, LyingCentre: attestation, PollingParty: attestation },
  ...{ BookingServer: booking, PaymentGateway: booking, BookingGate: booking, Crowd: booking },
  BookingLoadClient: booking,
  ...balancingScenarios,
  ...cacheScenarios,
  Chord: chord,
  CasRegister: casRegister,
  CasClient: casRegister,
  Dynamo: dynamo,
  DynamoClient: dynamo,
  LastWriteWinsClient: wallets("Dynamo"),
  EscrowClient: wallets("Dynamo"),
  CompareAndSetClient: wallets("CasRegister"),
  Broadcast: asked({ type: "broadcast", message: 7 }, { type: "read" }),
  Echo: asked({ type: "echo", echo: { text: "तत्काल" } }),
  GrowCounter: asked({ type: "add", delta: 3 }, { type: "read" }),
  UniqueIds: asked({ type: "generate" }),
};

export function scenarioOf(name: string): Scenario {
  return scenarios[name] ?? alone;
}
