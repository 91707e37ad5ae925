/**
 * Transactions that lock items in any order, under one policy against deadlocks: what is done, what
 * is given up, and whether that was needed. Needed is what the simulator itself sees: whether the
 * one that gives up stands in a circle of waiting at that moment.
 */
import { inRange, wholeInRange } from "../../../basics";
import { Simulator } from "../../../hosts";
import type { Latency } from "../../../hosts";
import { aroundHost } from "../../../protocol";
import type { Event, Host, NodeId } from "../../../protocol";
import { jainIndex, quantileOf } from "../../../basics";
import { cycleThrough } from "../../table";
import { DeadlockDetector } from "../deadlock-detector";
import { LockSite } from "../lock-site";
import { deadlockOptions } from "../messages";
import type { DeadlockMessage, DeadlockOptions, DeadlockPolicy, DeadlockTimer } from "../messages";
import { TransactionClient } from "../transaction-client";

export interface DeadlockSimulation extends Partial<DeadlockOptions> {
  /** Any whole number; decides the run. */
  readonly seed: number;
  readonly policy: DeadlockPolicy;
  /** 1 to 500, default 12. */
  readonly clients?: number;
  /** 1 to 50, default 4. */
  readonly sites?: number;
  /** Virtual time. Default 20,000 ms. */
  readonly untilMs?: number;
  /** One way; default 1 ms and an exponential tail of 2 ms. */
  readonly latency?: Latency;
}

export interface DeadlockResult {
  readonly policy: DeadlockPolicy;
  readonly committed: number;
  readonly committedPerSecond: number;
  readonly aborts: number;
  /** Aborts of one that stood in no circle. */
  readonly needless: number;
  /** needless / aborts; 0 without aborts. */
  readonly falseShare: number;
  readonly messagesPerCommit: number;
  /** From the first attempt to the commit. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Jain's index of what each client has done: 1 is all the same. */
  readonly jain: number;
  /** At the end: transactions that stand in a circle. */
  readonly deadlocked: number;
}

/** Throws a RangeError that names the option that is wrong. */
export function simulateDeadlocks(simulation: DeadlockSimulation): DeadlockResult {
  return new DeadlockRun(simulation).run();
}

class DeadlockRun {
  private readonly simulator: Simulator<DeadlockMessage, DeadlockTimer>;
  private readonly sites: readonly NodeId[];
  private readonly clients: readonly NodeId[];
  private readonly latencies = new Map<NodeId, number[]>();
  private messages = 0;
  private aborts = 0;
  private needless = 0;

  constructor(private readonly given: DeadlockSimulation) {
    const { seed, policy, clients = 12, sites = 4, untilMs, latency, ...options } = given;
    wholeInRange("clients", clients, { min: 1, max: 500 });
    wholeInRange("sites", sites, { min: 1, max: 50 });
    inRange("untilMs", untilMs ?? 0, { min: 0, max: 1e8 });
    this.sites = Array.from({ length: sites }, (_, i) => `n${i + 1}`);
    this.clients = Array.from({ length: clients }, (_, i) => `c${i + 1}`);
    this.simulator = new Simulator({
      seed,
      isTraced: false,
      network: { latency: latency ?? { kind: "exponential", minMs: 1, tailMs: 2 } },
      onNote: ({ node, label, detail }) => {
        if (label === "aborting") this.judge((detail as { transaction: string }).transaction);
        else if (label === "committed") {
          const { latencyMs } = detail as { latencyMs: number };
          this.latencies.get(node)?.push(latencyMs);
        }
      },
    });
    this.place(deadlockOptions({ ...options, policy }));
  }

  run(): DeadlockResult {
    const { policy, untilMs = 20_000 } = this.given;
    this.simulator.run({ untilMs });
    const all = [...this.latencies.values()].flat();
    const each = [...this.latencies.values()].map(({ length }) => length);
    const { aborts, needless, messages } = this;
    return {
      policy,
      committed: all.length,
      committedPerSecond: all.length / (untilMs / 1_000),
      aborts,
      needless,
      falseShare: aborts === 0 ? 0 : needless / aborts,
      messagesPerCommit: messages / Math.max(1, all.length),
      p50Ms: quantileOf(all, 0.5),
      p99Ms: quantileOf(all, 0.99),
      maxMs: quantileOf(all, 1),
      jain: jainIndex(each),
      deadlocked: this.deadlocked(),
    };
  }

  private place(options: DeadlockOptions): void {
    const peers = ["d1"];
    this.simulator.add("d1", this.counted(DeadlockDetector), { peers: this.sites });
    for (const id of this.sites) this.simulator.add(id, this.counted(LockSite), { peers, options });
    for (const id of this.clients) {
      this.latencies.set(id, []);
      this.simulator.add(id, this.counted(TransactionClient), { peers: this.sites, options });
    }
  }

  private counted<C extends abstract new (...given: never[]) => Handler>(base: C): C {
    const count = (): void => void this.messages++;
    const Base = base as unknown as new (...given: unknown[]) => Handler;
    return class extends Base {
      override handle(event: DeadlockEvent, host: DeadlockHost): void {
        const send: DeadlockHost["send"] = (to, message) => {
          count();
          host.send(to, message);
        };
        super.handle(event, aroundHost(host, { send }));
      }
    } as unknown as C;
  }

  private judge(transaction: string): void {
    this.aborts++;
    if (!this.isInCircle(transaction)) this.needless++;
  }

  private isInCircle(transaction: string): boolean {
    return cycleThrough(transaction, (each) => this.waitedFor(each)) !== undefined;
  }

  /** Who holds what a transaction waits for, if that one has not given it back yet. */
  private waitedFor(transaction: string): string[] {
    const client = this.clientOf(transaction);
    const item = client?.transaction?.id === transaction ? client.waitsFor : undefined;
    if (item === undefined) return [];
    const holders = this.sites.flatMap((id) => {
      const site = this.simulator.nodeOf(id) as LockSite;
      return site.items.get(item)?.holder ?? [];
    });
    return holders
      .map(({ id }) => id)
      .filter((id) => id !== transaction && this.clientOf(id)?.transaction?.id === id)
      .filter((id) => this.clientOf(id)?.returned.has(item) === false);
  }

  private clientOf(transaction: string): TransactionClient | undefined {
    return this.simulator.nodeOf(transaction.split("/")[0]) as TransactionClient | undefined;
  }

  private deadlocked(): number {
    const running = this.clients.flatMap((id) => this.clientOf(id)?.transaction?.id ?? []);
    return running.filter((id) => this.isInCircle(id)).length;
  }
}

type DeadlockEvent = Event<DeadlockMessage, DeadlockTimer>;
type DeadlockHost = Host<DeadlockMessage, DeadlockTimer>;

interface Handler {
  readonly id: NodeId;
  handle(event: DeadlockEvent, host: DeadlockHost): void;
}
