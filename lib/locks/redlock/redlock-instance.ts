/**
 * One of the independent servers of Redlock: keys with an owner's random value and an end, by its
 * own clock. As a Redis server, it gives a key to whoever comes first when there is none.
 *
 * Source: S. Sanfilippo, "Distributed Locks with Redis", redis.io: SET key value NX PX ttl, and a
 * delete if the value is still one's own.
 * Assumes: its clock runs at the right rate and does not jump; what it promised survives a crash.
 * Guarantees: under these, one value a key until its time is over.
 * Cost: two messages a request.
 */
import type { Event, Host, Node, NodeId } from "../../protocol";
import type { LockMessage, LockTimer } from "../messages";

export interface RedlockInstanceOptions {
  /** False: a crash forgets all keys, as a Redis without append-only file does. Default true. */
  readonly isPersistent: boolean;
}

interface Key {
  readonly value: string;
  readonly endMs: number;
}

export type RedlockMessage =
  | LockMessage
  | {
      readonly type: "setIfAbsent";
      readonly requestId: number;
      readonly key: string;
      readonly value: string;
      readonly ttlMs: number;
    }
  | { readonly type: "deleteIfOwn"; readonly key: string; readonly value: string }
  | { readonly type: "set"; readonly requestId: number; readonly isSet: boolean };

export type RedlockTimer = LockTimer | "giveUp" | "again";

type InstanceHost = Host<RedlockMessage, RedlockTimer>;

export class RedlockInstance implements Node<RedlockMessage, RedlockTimer> {
  readonly options: RedlockInstanceOptions;
  private readonly keys = new Map<string, Key>();

  /** `peers` are not needed: instances know nothing of each other. */
  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[] = [],
    options: Partial<RedlockInstanceOptions> = {},
  ) {
    this.options = { isPersistent: options.isPersistent ?? true };
  }

  handle(event: Event<RedlockMessage, RedlockTimer>, host: InstanceHost): void {
    if (event.kind === "start") return this.restore(event.saved);
    if (event.kind !== "message") return;
    const { message, from } = event;
    if (message.type === "setIfAbsent") {
      const { requestId, key, value, ttlMs } = message;
      const old = this.keys.get(key);
      const isSet = old === undefined || old.endMs <= host.nowMs;
      if (isSet) this.put(key, { value, endMs: host.nowMs + ttlMs }, host);
      host.send(from, { type: "set", requestId, isSet });
    } else if (message.type === "deleteIfOwn") {
      if (this.keys.get(message.key)?.value === message.value) this.put(message.key, null, host);
    }
  }

  private restore(saved: Readonly<Record<string, unknown>>): void {
    for (const [name, key] of Object.entries(saved)) this.keys.set(name, key as Key);
  }

  private put(name: string, key: Key | null, host: InstanceHost): void {
    if (key === null) this.keys.delete(name);
    else this.keys.set(name, key);
    if (this.options.isPersistent) host.save(name, key ?? undefined);
  }
}
