/** Planted bugs of anti-entropy. */
import { withIds } from "../../../hosts";
import type { Variant } from "../../../hosts";
import { aroundHost } from "../../../protocol";
import type { Event, Host, Protocol } from "../../../protocol";
import { AntiEntropy } from "../anti-entropy";
import type { AntiEntropyMessage, AntiEntropyOptions } from "../anti-entropy";
import type { Stamp } from "../database";
import type { AntiEntropyStormPlan } from "./plans";

interface AntiEntropyVariant extends Variant<AntiEntropyStormPlan> {
  readonly replica: Protocol<AntiEntropyMessage, "cycle", AntiEntropyOptions>;
}

type AntiEntropyEvent = Event<AntiEntropyMessage, "cycle">;
type AntiEntropyHost = Host<AntiEntropyMessage, "cycle">;

class LastToArrive extends AntiEntropy {
  protected override isNewer(): boolean {
    return true;
  }
}

class WithoutWriters extends AntiEntropy {
  protected override isNewer(heard: Stamp, known: Stamp): boolean {
    return heard.time > known.time;
  }
}

/** Deletes by forgetting: any replica that has the old value brings it back. */
class WithoutCertificates extends AntiEntropy {
  override handle(event: AntiEntropyEvent, host: AntiEntropyHost): void {
    super.handle(event, host);
    for (const { key, value } of [...this.database.entries.values()]) {
      if (value === null) this.database.entries.delete(key);
    }
  }
}

class Timeless extends AntiEntropy {
  override handle(event: AntiEntropyEvent, host: AntiEntropyHost): void {
    super.handle(event, host);
    if (event.kind === "start") this.database.time = 0;
  }
}

class Forgetful extends AntiEntropy {
  override handle(event: AntiEntropyEvent, host: AntiEntropyHost): void {
    super.handle(event, aroundHost(host, { save: () => undefined }));
  }
}

/** Gives what it has, and never takes. */
class Stubborn extends AntiEntropy {
  override handle(event: AntiEntropyEvent, host: AntiEntropyHost): void {
    const isEntries = event.kind === "message" && event.message.type === "entries";
    if (isEntries && this.id === "n1") return;
    super.handle(event, host);
  }
}

const anywhere = { plan: {} } as const;

export const antiEntropyVariants = withIds<AntiEntropyVariant>([
  { name: "the last write to arrive wins", section: "1.1", replica: LastToArrive, ...anywhere },
  {
    name: "equal times are told apart by nothing",
    section: "1.1",
    replica: WithoutWriters,
    ...anywhere,
  },
  {
    name: "a deletion without a death certificate",
    section: "2",
    replica: WithoutCertificates,
    ...anywhere,
  },
  { name: "the counter of writes lost on restart", section: "1.1", replica: Timeless, ...anywhere },
  { name: "entries kept in memory alone", section: "1.3", replica: Forgetful, ...anywhere },
  {
    name: "a replica that gives and never takes",
    section: "1.3",
    replica: Stubborn,
    plan: { coreSize: 6 },
  },
]);
