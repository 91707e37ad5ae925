/** Planted bugs of the heartbeat monitor. */
import { withIds } from "../../../hosts";
import type { Variant } from "../../../hosts";
import type { Event, Host, NodeId, Protocol } from "../../../protocol";
import { HeartbeatMonitor } from "../heartbeat-monitor";
import type { HeartbeatMessage, HeartbeatOptions, HeartbeatTimer } from "../heartbeat-monitor";
import type { HeartbeatStormPlan } from "./plan";

interface HeartbeatVariant extends Variant<HeartbeatStormPlan> {
  readonly monitor: Protocol<HeartbeatMessage, HeartbeatTimer, HeartbeatOptions>;
}

type HeartbeatEvent = Event<HeartbeatMessage, HeartbeatTimer>;
type HeartbeatHost = Host<HeartbeatMessage, HeartbeatTimer>;

class Stubborn extends HeartbeatMonitor {
  override handle(event: HeartbeatEvent, host: HeartbeatHost): void {
    const before = [...this.suspected];
    super.handle(event, host);
    if (event.kind === "message") for (const key of before) this.suspected.add(key);
  }
}

/** A heartbeat of one is taken for one of each. */
class Careless extends HeartbeatMonitor {
  override handle(event: HeartbeatEvent, host: HeartbeatHost): void {
    if (event.kind !== "message") return super.handle(event, host);
    for (const from of this.windows.keys()) super.handle({ ...event, from }, host);
  }
}

class Hasty extends HeartbeatMonitor {
  constructor(id: NodeId, peers: readonly NodeId[], options: Partial<HeartbeatOptions> = {}) {
    super(id, peers, { ...options, timeoutMs: (options.timeoutMs ?? 3_000) / 2 });
  }
}

/** Judges only those from whom two heartbeats have come. */
class Polite extends HeartbeatMonitor {
  override handle(event: HeartbeatEvent, host: HeartbeatHost): void {
    super.handle(event, host);
    for (const [peer, { gapsMs }] of this.windows) {
      if (gapsMs.length > 0) continue;
      for (const key of [...this.suspected]) {
        if (key.endsWith(` ${peer}`)) this.suspected.delete(key);
      }
    }
  }
}

export const heartbeatVariants = withIds<HeartbeatVariant>([
  { name: "a heartbeat ends no suspicion", section: "Chen 2", monitor: Stubborn, plan: {} },
  { name: "a heartbeat of one counts for all", section: "Chen 2", monitor: Careless, plan: {} },
  { name: "suspected after half of the timeout", section: "Chen 2", monitor: Hasty, plan: {} },
  { name: "who was never heard is never suspected", section: "Akka", monitor: Polite, plan: {} },
]);
