/**
 * Heartbeats from everybody to everybody, judged in two ways at once: by a fixed timeout, and by
 * phi accrual at several thresholds. It notes who suspects whom, and when, so that detectors can be
 * compared on the same messages.
 *
 * Source: W. Chen, S. Toueg, M. Aguilera, "On the Quality of Service of Failure Detectors", DSN
 * 2000 (what is compared); N. Hayashibara et al., SRDS 2004 (phi accrual).
 * Assumes: nodes crash and pause; messages are lost and late; the clock's jumps mislead both.
 * Guarantees: a crashed node is suspected by all within the timeout and a check; wrong suspicions
 * end with the next heartbeat.
 * Cost: n(n - 1) messages an interval: this is for small groups, which is why there is `Swim`.
 */
import { inRange, withDefaults } from "../../basics";
import type { Event, Host, Message, Node, NodeId } from "../../protocol";
import { defaultPhiOptions, emptyWindow, expectedWindow, phiOf } from "./phi-accrual";
import { phiOptions, recordArrival } from "./phi-accrual";
import type { ArrivalWindow, PhiOptions } from "./phi-accrual";

export interface HeartbeatOptions extends PhiOptions {
  /** Time between two heartbeats; default 1,000 ms. */
  readonly heartbeatMs: number;
  /** Fixed detector: silence of so long is suspicious; default three heartbeats. */
  readonly timeoutMs: number;
  /** Phi detectors, one for each threshold; default 1, 3 and 8. */
  readonly thresholds: readonly number[];
  /** Silence is judged so often; default a twentieth of a heartbeat. */
  readonly checkMs: number;
}

export type HeartbeatMessage = Message & { readonly type: "heartbeat" };
export type HeartbeatTimer = "heartbeat" | "check";
type HeartbeatHost = Host<HeartbeatMessage, HeartbeatTimer>;

export class HeartbeatMonitor implements Node<HeartbeatMessage, HeartbeatTimer> {
  readonly options: HeartbeatOptions;
  readonly windows = new Map<NodeId, ArrivalWindow>();
  /** "phi 3 n2": this detector suspects this peer. */
  readonly suspected = new Set<string>();
  /** Of a peer that has never been heard, silence counts from here. */
  private startedMs = 0;

  /** Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    private readonly peers: readonly NodeId[],
    options: Partial<HeartbeatOptions> = {},
  ) {
    this.options = heartbeatOptions(options);
    for (const peer of peers) this.windows.set(peer, emptyWindow());
  }

  handle(event: Event<HeartbeatMessage, HeartbeatTimer>, host: HeartbeatHost): void {
    if (event.kind === "message") return this.hear(event.from, host);
    if (event.kind === "start") {
      this.startedMs = host.nowMs;
      host.setTimer("heartbeat", host.random() * this.options.heartbeatMs);
      host.setTimer("check", this.options.checkMs);
    } else if (event.timer === "heartbeat") this.beat(host);
    else this.check(host);
  }

  private beat(host: HeartbeatHost): void {
    for (const peer of this.peers) host.send(peer, { type: "heartbeat" });
    host.setTimer("heartbeat", this.options.heartbeatMs);
  }

  private hear(from: NodeId, host: HeartbeatHost): void {
    const window = this.windows.get(from);
    if (window === undefined) return;
    recordArrival(window, host.nowMs, this.options);
    for (const detector of this.detectors()) this.judge(detector, { peer: from, is: false }, host);
  }

  private check(host: HeartbeatHost): void {
    const { timeoutMs, thresholds } = this.options;
    for (const [peer, window] of this.windows) {
      const lastMs = window.lastMs ?? this.startedMs;
      this.judge("timeout", { peer, is: host.nowMs - lastMs > timeoutMs }, host);
      const isNew = window.gapsMs.length === 0;
      const judged = isNew ? expectedWindow(this.options.heartbeatMs, lastMs) : window;
      const phi = phiOf(judged, host.nowMs, this.options);
      for (const threshold of thresholds) {
        this.judge(`phi ${threshold}`, { peer, is: phi > threshold }, host);
      }
    }
    host.setTimer("check", this.options.checkMs);
  }

  private judge(
    detector: string,
    verdict: { peer: NodeId; is: boolean },
    host: HeartbeatHost,
  ): void {
    const { peer, is } = verdict;
    const key = `${detector} ${peer}`;
    if (this.suspected.has(key) === is) return;
    if (is) this.suspected.add(key);
    else this.suspected.delete(key);
    host.note(is ? "suspected" : "trusted", { detector, peer });
  }

  private detectors(): string[] {
    return ["timeout", ...this.options.thresholds.map((threshold) => `phi ${threshold}`)];
  }
}

function heartbeatOptions(given: Partial<HeartbeatOptions>): HeartbeatOptions {
  const heartbeatMs = given.heartbeatMs ?? 1_000;
  const defaults: HeartbeatOptions = {
    ...{ heartbeatMs, timeoutMs: 3 * heartbeatMs, checkMs: heartbeatMs / 20 },
    ...{ thresholds: [1, 3, 8], ...defaultPhiOptions },
  };
  const options = withDefaults("HeartbeatMonitor", defaults, given);
  phiOptions(options);
  const day = 86_400_000;
  inRange("heartbeatMs", heartbeatMs, { min: 1, max: day });
  inRange("timeoutMs", options.timeoutMs, { min: 0.1, max: day });
  inRange("checkMs", options.checkMs, { min: 0.1, max: day });
  for (const threshold of options.thresholds) inRange("threshold", threshold, { min: 0, max: 300 });
  return options;
}
