/**
 * What a lock guards: values by the names of their locks, that let in nobody whose token is older
 * than one they have seen. So a holder that has lost its lock and does not know it does no harm.
 *
 * Source: M. Burrows, "The Chubby lock service", OSDI 2006, section 2.4 (sequencers); M. Kleppmann,
 * "How to do distributed locking", 2016 (fencing tokens). Ours also lets readers share.
 * Assumes: tokens rise with every grant; the resource keeps what it saves.
 * Guarantees: between a holder's first use and its last no other holder is let in that wrote.
 * Cost: a comparison a use, and a save for each that writes or has a new token.
 */
import type { Event, Host, Node, NodeId } from "../protocol";
import type { LockMessage, LockTimer, ResourceUsed, UseResource } from "./messages";

export interface FencedResourceOptions {
  /** False lets everybody in, for comparison. Default true. */
  readonly isFenced: boolean;
}

interface Guarded {
  value: number;
  /** Of all holders, and of those that could write. */
  highestToken: number;
  highestWriter: number;
  /** Of the last use under the highest token. */
  sequence: number;
}

type Outcome = ResourceUsed["outcome"];

export class FencedResource implements Node<LockMessage, LockTimer> {
  readonly options: FencedResourceOptions;
  readonly guarded = new Map<string, Guarded>();

  /** `peers` are not asked for anything. */
  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[] = [],
    options: Partial<FencedResourceOptions> = {},
  ) {
    this.options = { isFenced: options.isFenced ?? true };
  }

  handle(event: Event<LockMessage, LockTimer>, host: Host<LockMessage, LockTimer>): void {
    if (event.kind === "start") return this.restore(event.saved);
    if (event.kind !== "message" || event.message.type !== "use") return;
    const outcome = this.use(event.message, host);
    if (outcome === undefined) return;
    host.send(event.from, { type: "used", requestId: event.message.requestId, outcome });
  }

  private restore(saved: Readonly<Record<string, unknown>>): void {
    for (const [key, value] of Object.entries(saved)) {
      const name = key.startsWith("lock/") ? key.slice("lock/".length) : undefined;
      if (name !== undefined) this.guarded.set(name, { ...(value as Guarded) });
    }
  }

  /** Undefined: a late copy of what was answered before. */
  private use(message: UseResource, host: Host<LockMessage, LockTimer>): Outcome | undefined {
    const { lock, token, mode, sequence, write } = message;
    const known = this.guarded.get(lock);
    const guarded = known ?? { value: 0, highestToken: 0, highestWriter: 0, sequence: 0 };
    if (this.options.isFenced) {
      const least = mode === "shared" ? guarded.highestWriter : guarded.highestToken;
      if (token < least) {
        host.note("refused", { lock, token, highestToken: guarded.highestToken });
        return { kind: "stale", highestToken: guarded.highestToken };
      }
      const isOld = token === guarded.highestToken && sequence < guarded.sequence;
      if (isOld && mode === "exclusive") return undefined;
    }
    const { value: was } = guarded;
    const isNew = token > guarded.highestToken;
    if (token >= guarded.highestToken) guarded.sequence = sequence;
    guarded.highestToken = Math.max(guarded.highestToken, token);
    if (mode === "exclusive") guarded.highestWriter = Math.max(guarded.highestWriter, token);
    if (write !== null && mode === "exclusive") guarded.value = write;
    this.guarded.set(lock, guarded);
    if (isNew || write !== null) this.keep(lock, guarded, host);
    host.note("accepted", { lock, token, mode, sequence, write, was });
    return { kind: "accepted", value: guarded.value };
  }

  /** Before the answer leaves: a token that was seen is never forgotten. */
  protected keep(lock: string, guarded: Guarded, host: Host<LockMessage, LockTimer>): void {
    host.save(`lock/${lock}`, { ...guarded });
  }
}
