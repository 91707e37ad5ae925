/** PBFT and its client but for one rule each. */
import { aroundHost } from "../../../protocol";
import type { Event } from "../../../protocol";
import type { Authentication } from "../authentication";
import { PbftClient } from "../client";
import type { PbftMessage, PbftTimer } from "../messages";
import { Pbft } from "../pbft";
import { paperRules } from "../rules";
import type { PbftRules } from "../rules";
import type { PbftHost } from "../state";

/** PBFT with some rules replaced. */
export function pbftWith(broken: Partial<PbftRules>): typeof Pbft {
  return class extends Pbft {
    override get rules(): PbftRules {
      return { ...paperRules, ...broken };
    }
  };
}

/** A client with some rules replaced. */
export function clientWith(broken: Partial<PbftRules>): typeof PbftClient {
  return class extends PbftClient {
    override get rules(): PbftRules {
      return { ...paperRules, ...broken };
    }
  };
}

/** Takes every message for what it says it is. */
export class TrustingReplica extends Pbft {
  override get authentication(): Authentication {
    return { ...super.authentication, isProven: () => true };
  }
}

/** What was prepared is forgotten in a crash. */
export class UnsavedReplica extends Pbft {
  override handle(event: Event<PbftMessage, PbftTimer>, host: PbftHost): void {
    const save = (key: string, value: unknown): void => {
      if (!key.startsWith("pre")) host.save(key, value);
    };
    super.handle(event, aroundHost(host, { save }));
  }
}
