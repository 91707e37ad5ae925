/** Planted bugs of rumour mongering. */
import { withIds } from "../../../hosts";
import type { Variant } from "../../../hosts";
import { aroundHost } from "../../../protocol";
import type { Event, Protocol } from "../../../protocol";
import type { RumourHost, RumourMessage } from "../messages";
import { RumourMonger } from "../rumour-monger";
import type { RumourMongerOptions } from "../rumour-monger";
import type { RumourStormPlan } from "./plans";

interface RumourVariant extends Variant<RumourStormPlan> {
  readonly site: Protocol<RumourMessage, "cycle", RumourMongerOptions>;
}

type RumourEvent = Event<RumourMessage, "cycle">;

class Forgetful extends RumourMonger {
  override handle(event: RumourEvent, host: RumourHost): void {
    super.handle(event, aroundHost(host, { save: () => undefined }));
  }
}

class Restless extends RumourMonger {
  override handle(event: RumourEvent, host: RumourHost): void {
    super.handle(event, host);
    if (event.kind !== "start") return;
    for (const id of this.known.keys()) this.hot.set(id, { counter: 0, useful: 0, useless: 0 });
  }
}

class Deaf extends RumourMonger {
  override handle(event: RumourEvent, host: RumourHost): void {
    if (event.kind === "message" && event.message.type === "feedback") return;
    super.handle(event, host);
  }
}

/** Takes every contact for one that knew already. */
class Gloomy extends RumourMonger {
  override handle(event: RumourEvent, host: RumourHost): void {
    if (event.kind !== "message" || event.message.type !== "feedback") {
      return super.handle(event, host);
    }
    const { useful, useless } = event.message;
    const message = { type: "feedback", useful: [], useless: [...useful, ...useless] } as const;
    super.handle({ ...event, message }, host);
  }
}

/** Pulls are not answered. */
class Silent extends RumourMonger {
  override handle(event: RumourEvent, host: RumourHost): void {
    if (event.kind === "message" && event.message.type === "pull") return;
    super.handle(event, host);
  }
}

const wild = { weather: "wild" } as const;
const calm = { weather: "calm" } as const;

export const rumourVariants = withIds<RumourVariant>([
  { name: "a rumour kept in memory alone", section: "1.4", site: Forgetful, plan: wild },
  { name: "a restart spreads again what it heard", section: "1.4", site: Restless, plan: wild },
  { name: "feedback that nobody listens to", section: "1.4", site: Deaf, plan: calm },
  {
    name: "a useful contact takes interest away",
    section: "1.4",
    site: Gloomy,
    plan: { ...calm, options: { mode: "push", k: 1 } },
  },
  {
    name: "a pull without an answer",
    section: "1.4",
    site: Silent,
    plan: { ...calm, options: { mode: "pull" } },
  },
]);
