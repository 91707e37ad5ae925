/** Money that moves between wallets while machines fail, in three ways, and what is left of it. */
import { inRange, Random, wholeInRange } from "../../basics";
import { randomFaults, Simulator } from "../../hosts";
import type { RandomFaultOptions } from "../../hosts";
import type { Message, Node, NodeId } from "../../protocol";
import { CasRegister, Dynamo } from "../../replication";
import type { DynamoOptions } from "../../replication";
import { CompareAndSetClient } from "./compare-and-set-client";
import type { Shard } from "./compare-and-set-client";
import { balancesOf, EscrowClient, mergeLedgers } from "./escrow-client";
import { LastWriteWinsClient } from "./last-write-wins-client";
import { drawTransfers } from "./wallet-client";
import type { Transfer, TransferOutcome, WalletClientOptions } from "./wallet-client";

export type WalletKind = "lastWriteWins" | "escrow" | "compareAndSet";

export interface WalletSimulation {
  readonly kind: WalletKind;
  /** Any whole number; decides the run. */
  readonly seed: number;
  /** 1 to 20; default 3. */
  readonly clients?: number;
  /** Of each client; default 50. */
  readonly transfers?: number;
  /** Default 4 wallets, of Rs 1,000 each at the beginning. */
  readonly wallets?: number;
  readonly openingRupees?: number;
  /** A client's pause between transfers, in ms; default 10. */
  readonly thinkMs?: number;
  /** Crashes, pauses, partitions and loss for three seconds; default false. */
  readonly hasFaults?: boolean;
}

export interface WalletResult {
  readonly kind: WalletKind;
  readonly openingRupees: number;
  readonly finalRupees: number;
  /** What is missing at the end; below zero: money that nobody has put in. */
  readonly lostRupees: number;
  readonly balances: Readonly<Record<string, number>>;
  /** How many wallets are below zero. */
  readonly overdrawn: number;
  readonly outcomes: Readonly<Record<TransferOutcome, number>>;
  /** Transfers that were answered as done and are not in the balances. */
  readonly missing: number;
}

type AnyNode = Node<Message, unknown>;
type AnyClass = new (id: NodeId, peers: readonly NodeId[], options?: object) => AnyNode;

const servers = ["n1", "n2", "n3", "n4", "n5"];
const faultsMs = 3_000;
const storm: Omit<RandomFaultOptions, "seed" | "names" | "untilMs"> = {
  omitRate: 0.3,
  crash: { everyMs: 500, minMs: 10, maxMs: 400 },
  pause: { everyMs: 900, minMs: 10, maxMs: 300 },
  partition: { everyMs: 700, minMs: 50, maxMs: 600 },
  network: { everyMs: 800, minMs: 100, maxMs: 600, maxLossRate: 0.2, maxDuplicateRate: 0.3 },
};

/** Throws a RangeError that names the option that is wrong. */
export function simulateWallets(simulation: WalletSimulation): WalletResult {
  return new WalletRun(simulation).run();
}

class WalletRun {
  private readonly opening: Record<string, number>;
  private readonly clients: readonly NodeId[];
  private readonly transfers = new Map<string, Transfer>();
  private readonly outcomes = new Map<string, TransferOutcome>();
  private readonly simulator: Simulator<Message, unknown>;
  private ended = 0;

  constructor(private readonly given: WalletSimulation) {
    const clients = wholeInRange("clients", given.clients ?? 3, { min: 1, max: 20 });
    const wallets = wholeInRange("wallets", given.wallets ?? 4, { min: 2, max: 1_000 });
    const rupees = wholeInRange("openingRupees", given.openingRupees ?? 1_000, {
      min: 1,
      max: 1e9,
    });
    wholeInRange("transfers", given.transfers ?? 50, { min: 0, max: 10_000 });
    inRange("thinkMs", given.thinkMs ?? 10, { min: 1, max: 60_000 });
    const names = Array.from({ length: wallets }, (_, i) => `wallet-${i + 1}`);
    this.opening = Object.fromEntries(names.map((name) => [name, rupees]));
    this.clients = Array.from({ length: clients }, (_, i) => `c${i + 1}`);
    this.simulator = new Simulator({
      seed: given.seed,
      isTraced: false,
      network: { latency: { kind: "uniform", minMs: 0.5, maxMs: 3 } },
      onNote: ({ node, label, detail }) => {
        if (label === "ended") this.ended++;
        else if (node.startsWith("c")) this.outcomes.set(`${detail}`, label as TransferOutcome);
      },
    });
  }

  run(): WalletResult {
    this.addServers();
    for (const id of this.clients) this.addClient(id);
    const { seed, hasFaults = false } = this.given;
    if (hasFaults) {
      const faults = { ...storm, seed, names: servers, untilMs: faultsMs };
      this.simulator.schedule(...randomFaults(faults));
    }
    // All is healed by then; what is left to do is done, and the copies become equal.
    for (let i = 0; i < 600 && this.ended < this.clients.length; i++) this.play(500);
    this.play(hasFaults ? 5_000 : 1_000);
    return this.result();
  }

  private play(forMs: number): void {
    const untilMs = Math.max(this.simulator.nowMs, this.given.hasFaults ? faultsMs : 0) + forMs;
    this.simulator.run({ untilMs });
  }

  private addServers(): void {
    const { kind } = this.given;
    const options: Partial<DynamoOptions> = {
      partitions: 8,
      resolution: kind === "lastWriteWins" ? "lastWriteWins" : "siblings",
      antiEntropyMs: 30,
    };
    const isRegister = kind === "compareAndSet";
    const server = (isRegister ? CasRegister : Dynamo) as unknown as AnyClass;
    for (const id of servers) {
      this.simulator.add(id, server, { options: isRegister ? {} : options });
    }
  }

  private addClient(id: NodeId): void {
    const { kind, transfers: count = 50, seed, thinkMs = 10 } = this.given;
    const wallets = Object.keys(this.opening);
    const most = Math.max(1, Math.floor(this.opening[wallets[0]] / 10));
    const random = new Random(seed, 100 + this.clients.indexOf(id));
    const transfers = drawTransfers(id, { count, wallets, most }, random);
    for (const transfer of transfers) this.transfers.set(transfer.id, transfer);
    const options: Partial<WalletClientOptions> = {
      transfers,
      opening: this.opening,
      branches: this.clients,
      thinkMs,
    };
    const client = clientOf[kind] as unknown as AnyClass;
    this.simulator.add(id, client, { peers: servers, options, startAtMs: 10 });
  }

  private result(): WalletResult {
    const { balances, made } = this.final();
    const sum = (all: Readonly<Record<string, number>>): number =>
      Object.values(all).reduce((total, rupees) => total + rupees, 0);
    const [openingRupees, finalRupees] = [sum(this.opening), sum(balances)];
    const outcomes = { done: 0, refused: 0, failed: 0, unknown: 0 };
    for (const outcome of this.outcomes.values()) outcomes[outcome]++;
    const done = [...this.outcomes].filter(([, outcome]) => outcome === "done");
    return {
      kind: this.given.kind,
      openingRupees,
      finalRupees,
      lostRupees: openingRupees - finalRupees,
      balances,
      overdrawn: Object.values(balances).filter((rupees) => rupees < 0).length,
      outcomes,
      missing: made === undefined ? 0 : done.filter(([id]) => !made.includes(id)).length,
    };
  }

  /** What the servers have at the end; which transfers are in it, where that can be told. */
  private final(): { balances: Record<string, number>; made?: readonly string[] } {
    const { kind } = this.given;
    if (kind === "compareAndSet") {
      const shard = this.shard();
      return { balances: { ...shard.balances }, made: shard.transfers };
    }
    const stored = this.stored();
    if (kind === "lastWriteWins") {
      const names = Object.keys(this.opening);
      const balanceOf = (name: string): number =>
        (stored.get(`wallet/${name}`)?.[0] as number | undefined) ?? this.opening[name];
      return { balances: Object.fromEntries(names.map((name) => [name, balanceOf(name)])) };
    }
    const ledgers = this.clients.flatMap((id) => stored.get(`ledger/${id}`) ?? []);
    const transfers = mergeLedgers(ledgers);
    return { balances: balancesOf(this.opening, transfers), made: transfers.map(({ id }) => id) };
  }

  /** The values of each key, from any owner: the copies are equal by now. */
  private stored(): Map<string, unknown[]> {
    const nodes = servers.flatMap((id) => (this.simulator.nodeOf(id) as Dynamo | undefined) ?? []);
    const all = nodes.flatMap(({ entries }) => [...entries]);
    return new Map(all.map(([key, { versions }]) => [key, versions.map((v) => v.value.value)]));
  }

  /** What the last ballot has set at any server. */
  private shard(): Shard {
    type Saved = { accepted: { state: { version: number; value: Shard } } | null } | undefined;
    const states = servers.flatMap((id) => {
      const { accepted } = (this.simulator.savedOf(id)["register/shard"] as Saved) ?? {};
      return accepted ? [accepted.state] : [];
    });
    const last = states.sort((left, right) => right.version - left.version)[0];
    return last?.value ?? { balances: this.opening, transfers: [] };
  }
}

const clientOf = {
  lastWriteWins: LastWriteWinsClient,
  escrow: EscrowClient,
  compareAndSet: CompareAndSetClient,
};
