/** One node of the cache, events made by hand, and the effects that it asks for. */
import { CacheClient, CacheServer } from "dabbawala/caching";
import type { CacheClientOptions, CacheMessage, CacheServerOptions } from "dabbawala/caching";
import type { CacheTimer } from "dabbawala/caching";
import { step } from "dabbawala/protocol";
import type { Effect, Node, NodeId } from "dabbawala/protocol";

export type Effects = Effect<CacheMessage, CacheTimer>[];
type MessageOf<K extends CacheMessage["type"]> = Extract<CacheMessage, { type: K }>;
export type Got = MessageOf<"got">;
export type Permit = NonNullable<Got["permit"]>;

export class OneNode<N extends Node<CacheMessage, CacheTimer>> {
  nowMs = 1_000;
  random = 0.5;
  readonly saved = new Map<string, unknown>();

  constructor(
    readonly node: N,
    saved: Readonly<Record<string, unknown>> = {},
  ) {
    this.begun = this.step({ kind: "start", saved });
  }

  readonly begun: Effects;

  hear(from: NodeId, message: CacheMessage): Effects {
    return this.step({ kind: "message", from, message });
  }

  ring(timer: CacheTimer): Effects {
    return this.step({ kind: "timer", timer });
  }

  private step(event: Parameters<typeof step<CacheMessage, CacheTimer>>[1]): Effects {
    const effects = step(this.node, event, { nowMs: this.nowMs, random: () => this.random });
    for (const effect of effects) {
      if (effect.kind === "save") this.saved.set(effect.key, structuredClone(effect.value));
    }
    return effects;
  }
}

/** A server, and what a client would say to it. */
export class OneServer extends OneNode<CacheServer> {
  private requestId = 0;

  constructor(options: Partial<CacheServerOptions> = {}, saved = {}) {
    super(new CacheServer("n1", [], options), saved);
  }

  get(key: string, from = "c1"): Got {
    const effects = this.hear(from, { type: "get", requestId: ++this.requestId, key });
    return sent(effects, "got")[0]!.message;
  }

  set(key: string, value: unknown, permit: Permit | null, { version = 1, tookMs = 10 } = {}) {
    const row = { value, version };
    if (permit === null) throw new Error(`no permit for ${key}`);
    const requestId = ++this.requestId;
    const effects = this.hear("c1", { type: "set", requestId, key, row, permit, tookMs });
    return sent(effects, "wasSet")[0]!.message.isKept;
  }

  delete(key: string, version = 2): void {
    this.hear("c2", { type: "delete", requestId: ++this.requestId, key, version });
  }

  /** Misses a key and fills it. */
  fill(key: string, value: unknown, more: { version?: number; tookMs?: number } = {}): boolean {
    return this.set(key, value, this.get(key).permit, more);
  }
}

/** A client of three servers. */
export function client(options: Partial<CacheClientOptions> = {}): OneNode<CacheClient> {
  const gutters = options.gutters ?? [];
  return new OneNode(new CacheClient("c1", ["n1", "n2", "n3", ...gutters], options));
}

export function sent<K extends CacheMessage["type"]>(
  effects: Effects,
  type: K,
): { to: NodeId; message: MessageOf<K> }[] {
  return effects.flatMap((effect) =>
    effect.kind === "send" && effect.message.type === type
      ? [{ to: effect.to, message: effect.message as MessageOf<K> }]
      : [],
  );
}

export function noted(effects: Effects, label: string): unknown[] {
  return effects.flatMap((effect) =>
    effect.kind === "note" && effect.label === label ? [effect.detail] : [],
  );
}
