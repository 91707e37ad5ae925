/**
 * One storm: a group whose members join, leave, crash, pause and lose each other, every invariant
 * checked after every event; then a part of the group is healed, the rest stays away, and the part
 * has to agree in bounded time on who is there, and to go on agreeing.
 */
import { Random } from "../../../basics";
import { Simulator, at, coreAlone } from "../../../hosts";
import type { ScheduledFault, SimulatedNote, StormRunOptions } from "../../../hosts";
import type { Event, NodeId, Trace } from "../../../protocol";
import type { SwimHost, SwimMessage, SwimTimer } from "../messages";
import type { SwimOptions } from "../options";
import type { Swim } from "../swim";
import { suspicionTimeoutMs } from "../timing";
import { isGone } from "../updates";
import type { SwimStormAction } from "./actions";
import { calm, faultsOf, momentsOf } from "./faults";
import { SwimInvariants } from "./invariants";
import type { SwimViolation } from "./invariants";
import { namesOf, stormOptions } from "./plan";
import type { SwimStormPlan } from "./plan";

export type SwimClass = new (
  id: NodeId,
  peers: readonly NodeId[],
  options?: Partial<SwimOptions>,
) => Swim;

export interface SwimStormResult {
  readonly plan: SwimStormPlan;
  readonly violation: SwimViolation | undefined;
  /** How often each note was made. */
  readonly counts: ReadonlyMap<string, number>;
  /** From the end of the faults until all that are healed agreed; undefined: not in time. */
  readonly agreedMs: number | undefined;
  readonly events: number;
  readonly actions: readonly SwimStormAction[];
  readonly nowMs: number;
  /** Empty unless it was asked for. */
  readonly trace: Trace<SwimMessage, SwimTimer>;
}

/**
 * The bound for agreement, in ms: probes under the worst health (8 periods), the longest suspicion
 * (24 periods), and ten table exchanges, each up to 15 periods apart: then some.
 */
export const boundMs = 25_000;
/** So long they must go on agreeing. */
const steadyMs = 3_000;

/** Of less than ten members: as many periods as the multiplier says. */
const shortestMs = suspicionTimeoutMs(4, 1, stormOptions.periodMs);

interface Incarnate {
  readonly incarnation: number;
}

/** Ends at the first violation. */
export function runSwimStorm(
  plan: SwimStormPlan,
  member: SwimClass,
  options: StormRunOptions<SwimStormAction> = {},
): SwimStormResult {
  return new Storm(plan, member, options).run();
}

class Storm {
  private readonly invariants = new SwimInvariants();
  private readonly simulator: Simulator<SwimMessage, SwimTimer>;
  private readonly names: readonly NodeId[];
  private readonly counts = new Map<string, number>();
  private readonly actions: SwimStormAction[] = [];
  private violation: SwimViolation | undefined;
  private hasAgreed = false;
  /** When a member began to suspect another in an incarnation. */
  private readonly suspectedMs = new Map<string, number>();
  private events = 0;

  constructor(
    private readonly plan: SwimStormPlan,
    private readonly member: SwimClass,
    private readonly given: StormRunOptions<SwimStormAction>,
  ) {
    const { seed, diskMs } = plan;
    this.names = namesOf(plan);
    const writeMs = { kind: "exponential", minMs: diskMs / 2, tailMs: diskMs / 2 } as const;
    this.simulator = new Simulator<SwimMessage, SwimTimer>({
      ...{ seed, isTraced: given.isTraced ?? false },
      network: { latency: { kind: "uniform", minMs: 1, maxMs: 5 } },
      ...(diskMs > 0 && { disk: { writeMs } }),
      onNote: (note) => this.hear(note),
    });
  }

  run(): SwimStormResult {
    this.addMembers();
    for (const action of this.given.actions ?? this.drawn()) this.schedule(action);
    const { untilMs } = this;
    this.runUntil(untilMs);
    const core = this.heal();
    const agreedMs = this.violation === undefined ? this.agree(core) : undefined;
    if (agreedMs === undefined) this.violation ??= this.disagreement(core);
    const { plan, violation, counts, events, simulator } = this;
    const actions = [...this.actions].sort((left, right) => left.atMs - right.atMs);
    const { nowMs, trace } = simulator;
    return { plan, violation, counts, agreedMs, events, actions, nowMs, trace };
  }

  /** When the faults end. */
  private get untilMs(): number {
    return Math.min(this.given.untilMs ?? Infinity, this.plan.faultsMs);
  }

  private addMembers(): void {
    const { members, joinsMs, options } = this.plan;
    const first = this.names.slice(0, members);
    const protocol = this.watched();
    this.names.forEach((id, i) => {
      const startAtMs = joinsMs[i - members] ?? 0;
      this.simulator.add(id, protocol, { peers: first, options, startAtMs });
    });
  }

  private drawn(): SwimStormAction[] {
    const random = new Random(this.plan.seed, 93);
    const faults = faultsOf(this.plan).map((fault) => ({ kind: "fault", ...fault }) as const);
    const leaves = momentsOf(this.plan, random, this.plan.leaveEveryMs).map(
      (atMs) => ({ kind: "leave", atMs, member: random.pick(this.names) }) as const,
    );
    return [...faults, ...leaves].sort((left, right) => left.atMs - right.atMs);
  }

  /** Actions come in the order of time. */
  private schedule(action: SwimStormAction): void {
    if (action.atMs > this.untilMs || this.violation !== undefined) return;
    this.actions.push(action);
    if (action.kind === "fault") return this.strike(action);
    this.runUntil(action.atMs);
    if (this.violation !== undefined || !this.simulator.isUp(action.member)) return;
    this.simulator.inject("outside", action.member, { type: "leave" });
  }

  private strike({ atMs, fault }: ScheduledFault): void {
    this.runUntil(atMs);
    if (fault.kind === "crash" && fault.disk === "lost") {
      for (const name of fault.names) this.invariants.onLostDisk(name);
    }
    if (this.violation === undefined) this.simulator.schedule(at(atMs, fault));
  }

  private runUntil(untilMs: number): void {
    if (this.violation !== undefined) return;
    try {
      this.events += this.simulator.run({ untilMs, maxEvents: 2_000_000 }).events;
    } catch (error) {
      // A broken assertion of a member is a find like any other.
      this.violation ??= { property: "exception", member: "", detail: (error as Error).message };
    }
  }

  private hear({ label, node, detail }: SimulatedNote): void {
    this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
    const { member = "", incarnation = 0 } = (detail ?? {}) as Partial<Record<string, never>>;
    if (this.plan.weather === "badLinks" && label === "suspected") {
      this.fail("indirectProbes", node, `${member} is suspected, though all but one can reach it`);
    }
    if (this.plan.weather === "crashes") this.checkSuspicion({ label, node, member, incarnation });
    if (label !== "declaredDead" || !this.isAnswering(member, incarnation)) return;
    if (this.plan.weather === "wild" && !this.hasAgreed) return;
    this.fail("accuracy", node, `it declares ${member} dead, which answers in ${incarnation}`);
  }

  /** Clocks are right in this weather: a suspicion lasts for its shortest time, or is denied. */
  private checkSuspicion(told: Record<"label" | "node" | "member", string> & Incarnate): void {
    const { label, node, member, incarnation } = told;
    const key = `${node} ${member} ${incarnation}`;
    const { nowMs } = this.simulator;
    if (label === "suspected") this.suspectedMs.set(key, nowMs);
    if (label !== "declaredDead") return;
    const lastedMs = nowMs - (this.suspectedMs.get(key) ?? nowMs);
    if (lastedMs >= shortestMs - 1) return;
    this.fail("suspicionLasts", node, `it declares ${member} dead, suspect for ${lastedMs} ms`);
  }

  private fail(property: string, member: NodeId, detail: string): void {
    this.violation ??= { property, member, detail };
    this.simulator.stop();
  }

  private isAnswering(member: NodeId, incarnation: number): boolean {
    const node = this.nodeOf(member);
    return node?.part === "member" && node.incarnation === incarnation;
  }

  private nodeOf(id: NodeId): Swim | undefined {
    return this.simulator.nodeOf(id) as Swim | undefined;
  }

  /** The class, with every event followed by the invariants. */
  private watched(): SwimClass {
    const observe = (member: Swim, isStart: boolean): void => {
      const violation = this.invariants.observe(member, isStart);
      if (violation === undefined || this.violation !== undefined) return;
      this.violation = violation;
      this.simulator.stop();
    };
    return class extends this.member {
      override handle(event: Event<SwimMessage, SwimTimer>, host: SwimHost): void {
        super.handle(event, host);
        observe(this, event.kind === "start");
      }
    };
  }

  /** All are well, or only a part of them is, and the rest is away for good. */
  private heal(): readonly NodeId[] {
    const { names, simulator, plan } = this;
    if (this.violation !== undefined) return [];
    const { nowMs: atMs } = simulator;
    if (plan.weather !== "wild") {
      const faults = plan.weather === "crashes" ? calm(names) : [];
      simulator.schedule(...faults.map((fault) => at(atMs, fault)));
      return names;
    }
    const size = Math.min(plan.coreSize, names.length);
    const { core, faults } = coreAlone({ seed: plan.seed, names, atMs, size });
    simulator.schedule(...faults);
    return core;
  }

  /** Until all agree, and then on; undefined when they do not in time. */
  private agree(core: readonly NodeId[]): number | undefined {
    const startMs = this.simulator.nowMs;
    while (this.violation === undefined && this.simulator.nowMs < startMs + boundMs) {
      this.runUntil(this.simulator.nowMs + 100);
      if (this.disagreement(core) !== undefined) continue;
      const agreedMs = this.simulator.nowMs - startMs;
      this.hasAgreed = true;
      this.runUntil(this.simulator.nowMs + steadyMs);
      this.violation ??= this.disagreement(core);
      return this.violation === undefined ? agreedMs : undefined;
    }
    return undefined;
  }

  /** The first pair in which one holds what is not so of the other. */
  private disagreement(core: readonly NodeId[]): SwimViolation | undefined {
    const active = core.filter((id) => this.nodeOf(id)?.part === "member");
    for (const id of active) {
      for (const other of this.names) {
        const standing = other === id ? undefined : this.nodeOf(id)?.standingOf(other);
        const isHere = active.includes(other) && other !== id;
        if (isHere && standing?.status !== "alive") {
          const isUnknown = standing === undefined;
          const property = isUnknown ? "completeness" : "accuracy";
          const detail = `it holds ${other} to be ${standing?.status ?? "unknown"}, which answers`;
          return { property, member: id, detail };
        }
        if (isHere || standing === undefined || isGone(standing)) continue;
        const detail = `it holds ${other} to be ${standing.status}, which is away`;
        return { property: "completeness", member: id, detail };
      }
    }
    return undefined;
  }
}
