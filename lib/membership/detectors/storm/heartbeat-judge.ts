/**
 * What holds of heartbeat monitors: a heartbeat ends every suspicion of its sender; the timeout
 * suspects after that much silence and no earlier; in the end all suspect those who are away, by
 * every detector, and nobody who is there.
 */
import type { GroupJudge, GroupView, SimulatedNote, StormFailure } from "../../../hosts";
import type { Event, NodeId } from "../../../protocol";
import type { HeartbeatMessage, HeartbeatMonitor, HeartbeatTimer } from "../heartbeat-monitor";

export const timeoutMs = 400;

const detectors = ["timeout", "phi 8"];

export class HeartbeatJudge implements GroupJudge<
  HeartbeatMonitor,
  HeartbeatMessage,
  HeartbeatTimer
> {
  /** When a monitor heard of a peer, or started. */
  private readonly lastMs = new Map<string, number>();

  onEvent(
    { id, suspected }: HeartbeatMonitor,
    event: Event<HeartbeatMessage, HeartbeatTimer>,
    { names, nowMs }: GroupView<HeartbeatMonitor>,
  ): StormFailure | undefined {
    if (event.kind === "start") for (const name of names) this.lastMs.set(`${id} ${name}`, nowMs);
    if (event.kind !== "message") return undefined;
    this.lastMs.set(`${id} ${event.from}`, nowMs);
    const still = detectors.find((detector) => suspected.has(`${detector} ${event.from}`));
    if (still === undefined) return undefined;
    return { property: "aHeartbeatIsTrusted", detail: `${id} suspects ${event.from} by ${still}` };
  }

  onNote(note: SimulatedNote): StormFailure | undefined {
    const { node, label, detail, atMs } = note;
    const { detector, peer } = detail as { detector: string; peer: NodeId };
    if (label !== "suspected" || detector !== "timeout") return undefined;
    const silentMs = atMs - (this.lastMs.get(`${node} ${peer}`) as number);
    if (silentMs >= timeoutMs - 0.001) return undefined;
    return { property: "timeoutIsSilence", detail: `${node}: ${peer} after ${silentMs} ms` };
  }

  unsettled({ names, core, nodeOf }: GroupView<HeartbeatMonitor>): StormFailure | undefined {
    for (const id of core) {
      for (const peer of names.filter((name) => name !== id)) {
        const isAway = !core.includes(peer);
        const wrong = detectors.find(
          (detector) => nodeOf(id)?.suspected.has(`${detector} ${peer}`) !== isAway,
        );
        if (wrong === undefined) continue;
        const property = isAway ? "completeness" : "accuracy";
        return { property, detail: `${id} is wrong about ${peer}, by ${wrong}` };
      }
    }
    return undefined;
  }
}
