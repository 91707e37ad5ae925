/** What a space-time diagram is drawn from: messages, down times, notes and faults of a trace. */
import type { LossReason, Message, NodeId, Trace } from "../protocol";

export interface Journey {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: Message;
  readonly sentMs: number;
  /** When it arrived or was lost; undefined when it was still under way at the end. */
  readonly endMs?: number;
  readonly lost?: LossReason;
}

/** A node that was down or paused; `endMs` is undefined when it stayed so. */
export interface Absence {
  readonly node: NodeId;
  readonly kind: "crash" | "pause";
  readonly startMs: number;
  readonly endMs?: number;
}

export interface Remark {
  readonly node: NodeId;
  readonly atMs: number;
  readonly label: string;
}

export interface SpaceTime {
  readonly journeys: readonly Journey[];
  readonly absences: readonly Absence[];
  readonly notes: readonly Remark[];
  /** Faults of the network and of machines, as the schedule names them. */
  readonly faults: readonly Remark[];
}

/** In the order of the trace. Messages need their cause, as the simulator records it. */
export function spaceTimeOf(trace: Trace): SpaceTime {
  const remarks = (kind: "note" | "fault"): Remark[] =>
    trace.flatMap(({ atMs, node, event, effects }) => {
      if (kind === "fault")
        return event.kind === "fault" ? [{ node, atMs, label: event.label }] : [];
      return effects.flatMap((effect) =>
        effect.kind === "note" ? [{ node, atMs, label: effect.label }] : [],
      );
    });
  const [journeys, absences] = [journeysOf(trace), absencesOf(trace)];
  return { journeys, absences, notes: remarks("note"), faults: remarks("fault") };
}

function journeysOf(trace: Trace): Journey[] {
  const journeys: Journey[] = [];
  const ended = new Set<string>();
  for (const { atMs, node, event, cause } of trace) {
    if (cause === undefined || (event.kind !== "message" && event.kind !== "lost")) continue;
    ended.add(`${cause.step}/${cause.effect}`);
    const { from, message } = event;
    const sentMs = trace[cause.step]?.atMs ?? atMs;
    const lost = event.kind === "lost" ? { lost: event.reason } : {};
    journeys.push({ from, to: node, message, sentMs, endMs: atMs, ...lost });
  }
  trace.forEach(({ atMs, node, effects }, step) => {
    effects.forEach((effect, i) => {
      if (effect.kind !== "send" || ended.has(`${step}/${i}`)) return;
      journeys.push({ from: node, to: effect.to, message: effect.message, sentMs: atMs });
    });
  });
  return journeys.sort((left, right) => left.sentMs - right.sentMs);
}

function absencesOf(trace: Trace): Absence[] {
  const open = new Map<NodeId, Absence>();
  const absences: Absence[] = [];
  const close = (node: NodeId, endMs?: number): void => {
    const absence = open.get(node);
    if (absence === undefined) return;
    open.delete(node);
    absences.push({ ...absence, ...(endMs !== undefined && { endMs }) });
  };
  for (const { atMs, node, event } of trace) {
    const { kind } = event;
    if (kind === "crash" || kind === "pause") {
      close(node, atMs);
      open.set(node, { node, kind, startMs: atMs });
    } else if (kind === "start" || kind === "resume") close(node, atMs);
  }
  for (const node of [...open.keys()]) close(node);
  return absences;
}
