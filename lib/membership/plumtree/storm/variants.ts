/** Planted bugs of Plumtree. */
import { withIds } from "../../../hosts";
import type { Variant } from "../../../hosts";
import { aroundHost } from "../../../protocol";
import type { Event, NodeId, Protocol } from "../../../protocol";
import type { PlumtreeHost, PlumtreeMessage, PlumtreeTimer } from "../messages";
import type { PlumtreeOptions } from "../options";
import { Plumtree } from "../plumtree";
import type { PlumtreeStormPlan } from "./plan";

interface PlumtreeVariant extends Variant<PlumtreeStormPlan> {
  readonly broadcaster: Protocol<PlumtreeMessage, PlumtreeTimer, PlumtreeOptions>;
}

type PlumtreeEvent = Event<PlumtreeMessage, PlumtreeTimer>;

/** Never sends messages of this type. */
function without(type: PlumtreeMessage["type"]) {
  return class extends Plumtree {
    override handle(event: PlumtreeEvent, host: PlumtreeHost): void {
      const send = (to: string, message: PlumtreeMessage): void => {
        if (message.type !== type) host.send(to, message);
      };
      super.handle(event, aroundHost(host, { send }));
    }
  };
}

/** A message that is there already changes nothing: the flood never becomes a tree. */
class Flooder extends Plumtree {
  override handle(event: PlumtreeEvent, host: PlumtreeHost): void {
    const { message } = event as { message?: PlumtreeMessage };
    if (message?.type === "gossip" && this.received.has(message.id)) return;
    super.handle(event, host);
  }
}

/** Later announcements of a message are not kept, should the first announcer be gone. */
class OneSource extends Plumtree {
  override handle(event: PlumtreeEvent, host: PlumtreeHost): void {
    if (event.kind !== "message" || event.message.type !== "ihave") {
      return super.handle(event, host);
    }
    const announced = event.message.announced.filter(({ id }) => !this.missing.has(id));
    super.handle({ ...event, message: { type: "ihave", announced } }, host);
  }
}

/** Who has been grafted to once is sent all messages for good. */
class NeverPruned extends Plumtree {
  private readonly grafted = new Set<NodeId>();

  override handle(event: PlumtreeEvent, host: PlumtreeHost): void {
    if (event.kind === "message") {
      const { from, message } = event;
      if (message.type === "graft") this.grafted.add(from);
      if (message.type === "prune" && this.grafted.has(from)) return;
    }
    super.handle(event, host);
  }
}

/** Forgets a message as soon as it is passed on. */
class ShortMemory extends Plumtree {
  override handle(event: PlumtreeEvent, host: PlumtreeHost): void {
    super.handle(event, host);
    if (event.kind === "message" && event.message.type === "gossip") this.received.clear();
  }
}

const calm = { weather: "calm" } as const;
const crashes = { weather: "crashes" } as const;

export const plumtreeVariants = withIds<PlumtreeVariant>([
  { name: "a duplicate does not prune", section: "3.4", broadcaster: Flooder, plan: calm },
  { name: "names are not announced", section: "3.4", broadcaster: without("ihave"), plan: crashes },
  {
    name: "a hole that nobody grafts",
    section: "3.5",
    broadcaster: without("graft"),
    plan: crashes,
  },
  {
    name: "only the first announcer is asked",
    section: "3.5",
    broadcaster: OneSource,
    plan: crashes,
  },
  {
    name: "a grafted link is never pruned again",
    section: "3.4",
    broadcaster: NeverPruned,
    plan: crashes,
  },
  {
    name: "a message forgotten once passed on",
    section: "3.4",
    broadcaster: ShortMemory,
    plan: calm,
  },
]);
