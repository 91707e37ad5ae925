/** One PBFT replica, what others say made by hand with their keys, and the effects it asks for. */
import { Pbft } from "dabbawala/consensus";
import type { PbftMessage, PbftOptions, PbftTimer } from "dabbawala/consensus";
import {
  authenticationOf,
  defaultAuthentication,
} from "dabbawala/dist/consensus/pbft/authentication/index";

import { batchDigest, textOf } from "dabbawala/dist/consensus/pbft/encoding";
import type {
  Checkpoint,
  Commit,
  PbftRequest,
  PrePrepare,
  Prepare,
  ProvenMessage,
  Unproven,
  ViewChange,
} from "dabbawala/dist/consensus/pbft/messages";
import { step } from "dabbawala/protocol";
import type { Effect } from "dabbawala/protocol";

export type Effects = Effect<PbftMessage, PbftTimer>[];
type Kind = "signatures" | "macs";
type MessageOf<K extends PbftMessage["type"]> = Extract<PbftMessage, { type: K }>;

export const replicas = ["n1", "n2", "n3", "n4"];
const everybody = [...replicas, "n5", "n6", "n7", "c1", "c2", "c3"];
const signed = ["viewChange", "newView", "checkpoint"];

/** The message with the proof of whom it names, or of `by`. */
export function say<M extends ProvenMessage>(
  message: Unproven<M>,
  { authentication = "signatures", by }: { authentication?: Kind; by?: string } = {},
): M {
  const said = message as unknown as ProvenMessage;
  const speaker = by ?? (said.type === "request" ? said.client : said.replica);
  const kind = signed.includes(said.type) ? "signatures" : authentication;
  const own = authenticationOf(speaker, { ...defaultAuthentication, authentication: kind });
  const proof = own.prove(
    textOf(said),
    everybody.filter((id) => id !== speaker),
  );
  return { ...message, proof } as unknown as M;
}

export function put(key: string, value: unknown): { command: object } {
  return { command: { op: "put", key, value } };
}

export function request(
  timestamp: number,
  changes: Partial<PbftRequest> & { authentication?: Kind } = {},
): PbftRequest {
  const { authentication, ...rest } = changes;
  const operation = put("asha", timestamp);
  const body = { client: "c1", timestamp, operation, isReadOnly: false, ...rest };
  return say<PbftRequest>({ type: "request", ...body }, { authentication });
}

/** A batch of its own for each sequence number, the same whenever it is made. */
export function batchAt(sequence: number, authentication?: Kind): PbftRequest[] {
  return [request(sequence, { authentication })];
}

interface At {
  readonly view?: number;
  readonly sequence?: number;
  readonly requests?: readonly PbftRequest[];
  readonly digest?: string;
  readonly replica?: string;
  readonly authentication?: Kind;
}

function placed({ view = 0, sequence = 1, requests, digest, authentication }: At): {
  view: number;
  sequence: number;
  digest: string;
} {
  const batch = requests ?? batchAt(sequence, authentication);
  return { view, sequence, digest: digest ?? batchDigest(batch) };
}

export function primaryIn(view: number): string {
  return replicas[view % 4];
}

export function prePrepare(at: At = {}): PrePrepare {
  const { view = 0, sequence = 1, authentication } = at;
  const requests = at.requests ?? batchAt(sequence, authentication);
  const replica = at.replica ?? primaryIn(view);
  const body = { type: "prePrepare", ...placed(at), requests, replica } as const;
  return say<PrePrepare>(body, { authentication });
}

export function prepare(replica: string, at: At = {}): Prepare {
  const { authentication } = at;
  return say<Prepare>({ type: "prepare", ...placed(at), replica }, { authentication });
}

export function commit(replica: string, at: At = {}): Commit {
  const { authentication } = at;
  return say<Commit>({ type: "commit", ...placed(at), replica }, { authentication });
}

export function checkpoint(replica: string, sequence: number, digest: string): Checkpoint {
  return say<Checkpoint>({ type: "checkpoint", sequence, digest, replica });
}

export function viewChange(
  replica: string,
  view: number,
  rest: Partial<ViewChange> = {},
): ViewChange {
  const nothing = { stableSequence: 0, checkpointProof: [], prepared: [], prePrepared: [] };
  return say<ViewChange>({ type: "viewChange", view, ...nothing, ...rest, replica });
}

/** A certificate for this place, by the first two backups of its view. */
export function certificate(at: At = {}): ViewChange["prepared"][number] {
  const { view = 0 } = at;
  const backups = replicas.filter((id) => id !== primaryIn(view)).slice(0, 2);
  return {
    kind: "proof",
    prePrepare: { ...prePrepare(at), requests: null },
    prepares: backups.map((replica) => prepare(replica, at)),
  };
}

export class OneReplica {
  nowMs = 1_000;
  readonly saved = new Map<string, unknown>();
  readonly pbft: Pbft;

  constructor(
    readonly id: string,
    readonly options: Partial<PbftOptions> = {},
    readonly replicaClass: typeof Pbft = Pbft,
  ) {
    this.pbft = new replicaClass(
      id,
      replicas.filter((other) => other !== id),
      options,
    );
  }

  hear(...messages: PbftMessage[]): Effects {
    return messages.flatMap((message) => {
      const { replica: from = "c1" } = (message ?? {}) as { replica?: string };
      return this.step({ kind: "message", from, message });
    });
  }

  /** A message that another one than its speaker brings. */
  hearFrom(from: string, message: PbftMessage): Effects {
    return this.step({ kind: "message", from, message });
  }

  ring(timer: PbftTimer): Effects {
    return this.step({ kind: "timer", timer });
  }

  /** Has this sequence number committed, in view 0 unless told. */
  commit(sequence: number, at: At = {}): Effects {
    const all = { ...at, sequence };
    const others = replicas.filter((id) => id !== this.id);
    const backups = others.filter((id) => id !== primaryIn(at.view ?? 0));
    return this.hear(
      prePrepare(all),
      ...backups.map((id) => prepare(id, all)),
      ...others.map((id) => commit(id, all)),
    );
  }

  /** A new object with what this one has saved: a crash and a restart. */
  restarted(): OneReplica {
    const again = new OneReplica(this.id, this.options, this.replicaClass);
    for (const [key, value] of this.saved) again.saved.set(key, value);
    again.nowMs = this.nowMs + 1_000;
    again.step({ kind: "start", saved: structuredClone(Object.fromEntries(this.saved)) });
    return again;
  }

  private step(event: Parameters<typeof step<PbftMessage, PbftTimer>>[1]): Effects {
    const effects = step(this.pbft, event, { nowMs: this.nowMs, random: () => 0.5 });
    for (const effect of effects) {
      if (effect.kind !== "save") continue;
      if (effect.value === undefined) this.saved.delete(effect.key);
      else this.saved.set(effect.key, structuredClone(effect.value));
    }
    return effects;
  }
}

/** Messages of one type among the effects, with their receivers. */
export function sent<K extends PbftMessage["type"]>(
  effects: Effects,
  type: K,
): { to: string; message: MessageOf<K> }[] {
  return effects.flatMap((effect) =>
    effect.kind === "send" && effect.message.type === type
      ? [{ to: effect.to, message: effect.message as MessageOf<K> }]
      : [],
  );
}

/** How often a message was dropped for this reason. */
export function dropped({ pbft }: OneReplica, reason: string): number {
  return new Map<string, number>(pbft.dropped).get(reason) ?? 0;
}

/** The effects as words, without what is sent: "save x", "setTimer x 1000". */
export function timersOf(effects: Effects): string[] {
  return effects.flatMap((effect) => {
    if (effect.kind === "setTimer") return [`set ${effect.timer} ${effect.afterMs}`];
    return effect.kind === "cancelTimer" ? [`cancel ${effect.timer}`] : [];
  });
}
