/**
 * How long elections take and how often votes are split: leaders crash one after another, in a
 * simulated cluster, each just after it has sent a heartbeat (the worst moment).
 *
 * Source: Ongaro 2014, chapter 9; the measurement is that of figure 16 in Ongaro and Ousterhout,
 * "In Search of an Understandable Consensus Algorithm", USENIX ATC 2014, on virtual time.
 */
import { inRange, wholeInRange } from "../../../basics";
import { Simulator, at, crash, lan, restart } from "../../../hosts";
import type { Latency, SimulatedNote } from "../../../hosts";
import type { Event, NodeId } from "../../../protocol";
import { lastIndexOf } from "../log";
import type { RaftMessage, RaftTimer } from "../messages";
import { Raft } from "../raft";
import type { RaftHost } from "../state";

export interface ElectionExperiment {
  /** Any whole number; decides all trials. */
  readonly seed: number;
  /** Leaders that crash; default 200. */
  readonly trials?: number;
  /** 3 to 99; default 5. */
  readonly servers?: number;
  /** Servers that are down during an election, the old leader included; default 1. */
  readonly failed?: number;
  /** One way; default `lan`. */
  readonly latency?: Latency;
  /** Election timeouts are drawn from this range; default 150 to 300 ms. */
  readonly timeoutMs?: readonly [minMs: number, maxMs: number];
  /** Default: a third of the smallest timeout. */
  readonly heartbeatMs?: number;
  /** Default false, as in the paper's own experiments. */
  readonly hasPreVote?: boolean;
  /** A trial without a leader after so long is given up; default 60,000 ms. */
  readonly limitMs?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Times from the crash of the leader. */
export interface ElectionTrial {
  /** Until somebody noticed, and asked for votes. */
  readonly detectedMs: number;
  /** Until somebody led; `limitMs` when nobody did. */
  readonly electedMs: number;
  /** Terms in which somebody stood; over 1: votes were split or candidates were refused. */
  readonly rounds: number;
}

/** Throws a RangeError that names the option that is wrong. */
export function measureElections(experiment: ElectionExperiment): ElectionTrial[] {
  const { trials = 200, servers = 5, failed = 1 } = experiment;
  wholeInRange("trials", trials, { min: 1, max: 1_000_000 });
  wholeInRange("servers", servers, { min: 3, max: 99 });
  wholeInRange("failed", failed, { min: 1, max: Math.ceil(servers / 2) - 1 });
  inRange("limitMs", experiment.limitMs ?? 1, { min: 1, max: Number.MAX_SAFE_INTEGER });
  return new Elections(experiment).run(trials, failed);
}

/**
 * The share of elections whose first term has no leader, in closed form: too many of the living
 * time out within one latency of the first. `latencyShare`: one way, over the range of timeouts.
 */
export function splitVoteRate(servers: number, living: number, latencyShare: number): number {
  const needed = living - Math.floor(servers / 2);
  let rate = 0;
  for (let k = needed; k <= living; k++) {
    rate += choose(living, k) * latencyShare ** k * (1 - latencyShare) ** (living - k);
  }
  return rate;
}

function choose(n: number, k: number): number {
  return k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k;
}

const tooShort =
  "no leader lasts: timeoutMs must be well over a round trip, or latency must be smaller";

/** Whether voters would prefer the right one. */
function isBehind(left: Raft, right: Raft): boolean {
  if (left.currentTerm !== right.currentTerm) return left.currentTerm < right.currentTerm;
  return lastIndexOf(left.log) < lastIndexOf(right.log);
}

/** A leader that has crashed, and what came of it. */
interface Vacancy {
  readonly atMs: number;
  readonly leader: NodeId;
  detectedMs: number | undefined;
  rounds: Set<number>;
}

class Elections {
  private readonly ids: readonly NodeId[];
  private readonly simulator: Simulator<RaftMessage, RaftTimer>;
  private readonly trials: ElectionTrial[] = [];
  private readonly limitMs: number;
  private readonly settleMs: number;
  private vacancy: Vacancy | undefined;
  private isArmed = false;

  constructor(private readonly experiment: ElectionExperiment) {
    const { seed, servers = 5, latency = lan, timeoutMs = [150, 300] } = experiment;
    const [electionTimeoutMinMs, electionTimeoutMaxMs] = timeoutMs;
    const { heartbeatMs = electionTimeoutMinMs / 3, hasPreVote = false } = experiment;
    this.limitMs = experiment.limitMs ?? 60_000;
    this.settleMs = 4 * electionTimeoutMaxMs;
    this.ids = Array.from({ length: servers }, (_, i) => `n${i + 1}`);
    this.simulator = new Simulator<RaftMessage, RaftTimer>({
      seed,
      isTraced: false,
      network: { latency },
      onNote: (note) => this.hear(note),
    });
    const times = { electionTimeoutMinMs, electionTimeoutMaxMs, heartbeatMs };
    const options = { ...times, hasPreVote, snapshotEvery: 20 };
    for (const id of this.ids) this.simulator.add(id, this.watched(), { options });
  }

  run(trials: number, failed: number): ElectionTrial[] {
    const { simulator } = this;
    this.appoint();
    while (this.trials.length < trials) {
      const others = this.servers().filter(({ role }) => role !== "leader");
      const down = others.slice(0, failed - 1).map(({ id }) => id);
      simulator.schedule(at(simulator.nowMs, crash(down)));
      this.isArmed = true;
      this.pass(this.limitMs + this.settleMs);
      if (this.vacancy !== undefined) this.giveUp(this.vacancy);
      else this.restartAll();
      this.experiment.onProgress?.(this.trials.length, trials);
    }
    return this.trials;
  }

  /** The crashed ones come back, and everybody finds the leader. */
  private restartAll(): void {
    this.simulator.schedule(at(this.simulator.nowMs, restart(this.ids)));
    this.pass(this.settleMs);
  }

  /** With equal timeouts nobody might ever be elected. */
  private giveUp(vacancy: Vacancy): void {
    this.end(this.limitMs, vacancy);
    this.simulator.schedule(at(this.simulator.nowMs, crash(this.ids)));
    this.simulator.schedule(at(this.simulator.nowMs, restart(this.ids)));
    this.pass(1);
    this.appoint();
  }

  /** Makes a leader without waiting for a timeout (TimeoutNow, section 3.10 of the thesis). */
  private appoint(): void {
    this.pass(1);
    const best = this.servers().reduce((left, right) => (isBehind(left, right) ? right : left));
    this.simulator.inject("outside", best.id, { type: "timeoutNow", term: best.currentTerm });
    this.pass(this.settleMs);
    if (best.role !== "leader") throw new RangeError(tooShort);
  }

  private servers(): Raft[] {
    return this.ids.map((id) => this.simulator.nodeOf(id) as Raft);
  }

  private pass(forMs: number): void {
    this.simulator.run({ untilMs: this.simulator.nowMs + forMs });
  }

  /** A leader crashes with its next heartbeat on the way, when this is armed. */
  private watched(): typeof Raft {
    const beaten = (leader: NodeId, atMs: number): void => {
      if (!this.isArmed) return;
      this.isArmed = false;
      this.vacancy = { atMs, leader, detectedMs: undefined, rounds: new Set() };
      this.simulator.schedule(at(atMs, crash([leader])));
    };
    return class extends Raft {
      override handle(event: Event<RaftMessage, RaftTimer>, host: RaftHost): void {
        super.handle(event, host);
        const isBeat = event.kind === "timer" && event.timer === "heartbeat";
        if (isBeat && this.role === "leader") beaten(this.id, host.nowMs);
      }
    };
  }

  private hear({ atMs, label, detail }: SimulatedNote): void {
    const { vacancy } = this;
    if (vacancy === undefined) return;
    if (label === "becameCandidate" || label === "becamePreCandidate") {
      vacancy.detectedMs ??= atMs - vacancy.atMs;
    }
    if (label === "becameCandidate") vacancy.rounds.add((detail as { term: number }).term);
    if (label === "becameLeader") this.end(atMs - vacancy.atMs, vacancy);
  }

  private end(electedMs: number, { detectedMs = electedMs, rounds }: Vacancy): void {
    this.trials.push({ detectedMs, electedMs, rounds: rounds.size });
    this.vacancy = undefined;
    this.simulator.stop();
  }
}
