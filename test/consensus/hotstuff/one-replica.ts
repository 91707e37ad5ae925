/** One replica of HotStuff, n2 of n1 to n4, with the words of the others made by hand. */
import { HotStuff } from "dabbawala/consensus";
import type { Block, Certificate, HotStuffMessage, HotStuffTimer } from "dabbawala/consensus";
import { genesis, genesisCertificate, nameOf } from "dabbawala/dist/consensus/hotstuff/block";
import { newViewText, proposalText } from "dabbawala/dist/consensus/hotstuff/block";
import { signCommand, voteText } from "dabbawala/dist/consensus/hotstuff/block";
import type { Command, Proposal, Vote } from "dabbawala/dist/consensus/hotstuff/messages";
import { signAs } from "dabbawala/dist/consensus/signatures/index";
import { step } from "dabbawala/protocol";
import type { Effect, Event, NodeId } from "dabbawala/protocol";

export const replicas = ["n1", "n2", "n3", "n4"];
export const keySeed = "laboratory";
type Effects = Effect<HotStuffMessage, HotStuffTimer>[];
type MessageOf<K extends HotStuffMessage["type"]> = Extract<HotStuffMessage, { type: K }>;

export class OneReplica {
  nowMs = 0;
  readonly saved = new Map<string, unknown>();
  readonly node: HotStuff;
  effects: Effects = [];

  constructor(
    readonly id = "n2",
    options: ConstructorParameters<typeof HotStuff>[2] = {},
  ) {
    const peers = replicas.filter((other) => other !== id);
    this.node = new HotStuff(id, peers, { viewsPerLeader: 10, ...options });
  }

  hear(from: NodeId, message: HotStuffMessage): this {
    return this.step({ kind: "message", from, message });
  }

  ring(timer: HotStuffTimer): this {
    return this.step({ kind: "timer", timer });
  }

  /** A new object with what this one has saved. */
  restarted(): OneReplica {
    const again = new OneReplica(this.id, this.node.options);
    for (const [key, value] of this.saved) again.saved.set(key, value);
    return again.step({ kind: "start", saved: Object.fromEntries(this.saved) });
  }

  /** What it has sent in the last step, of one type. */
  sent<K extends HotStuffMessage["type"]>(type: K): { to: NodeId; message: MessageOf<K> }[] {
    return this.effects.flatMap((effect) =>
      effect.kind === "send" && effect.message.type === type
        ? [{ to: effect.to, message: effect.message as MessageOf<K> }]
        : [],
    );
  }

  noted(label: string): unknown[] {
    return this.effects.flatMap((effect) =>
      effect.kind === "note" && effect.label === label ? [effect.detail] : [],
    );
  }

  private step(event: Event<HotStuffMessage, HotStuffTimer>): this {
    const senses = { nowMs: this.nowMs, random: () => 0.5 };
    this.effects = step(this.node, event, senses);
    for (const effect of this.effects) {
      if (effect.kind === "save") this.saved.set(effect.key, effect.value);
      if (effect.kind === "save" && effect.value === undefined) this.saved.delete(effect.key);
    }
    return this;
  }
}

/** Of c1, signed. */
export function put(requestId: number, value: unknown = requestId): Command {
  const command = { op: "put", key: "k", value };
  return signCommand({ client: "c1", requestId, command }, keySeed);
}

/** The certificate of a block, by these replicas. */
export function certify(
  block: Block,
  voters: readonly NodeId[] = replicas.slice(0, 3),
): Certificate {
  const name = nameOf(block);
  const text = voteText(block.view, name);
  const signatures = voters.map((voter) => [voter, signAs(voter, text, keySeed)] as const);
  return { view: block.view, block: name, signatures: Object.fromEntries(signatures) };
}

interface Child {
  readonly view: number;
  readonly justify?: Certificate;
  readonly commands?: readonly Command[];
}

/** A block on another one. */
export function childOf(parent: Block, { view, justify, commands = [] }: Child): Block {
  const certificate = justify ?? (parent === genesis ? genesisCertificate : certify(parent));
  return { height: parent.height + 1, view, commands, justify: certificate };
}

/** Blocks of these views, each on the one before it. */
export function chainOf(views: readonly number[], from: Block = genesis): Block[] {
  const chain: Block[] = [];
  for (const view of views) {
    chain.push(childOf(chain[chain.length - 1] ?? from, { view, commands: [put(view)] }));
  }
  return chain;
}

export function propose(block: Block, leader: NodeId = "n1", askers?: readonly NodeId[]): Proposal {
  const signature = signAs(leader, proposalText(block.view, nameOf(block)), keySeed);
  const text = newViewText(block.view);
  const asked = askers?.map((asker) => [asker, signAs(asker, text, keySeed)] as const);
  const timeouts = asked === undefined ? {} : { timeouts: Object.fromEntries(asked) };
  return { type: "proposal", block, signature, ...timeouts };
}

export function voteOf(voter: NodeId, block: Block): Vote {
  const name = nameOf(block);
  const signature = signAs(voter, voteText(block.view, name), keySeed);
  return { type: "vote", view: block.view, block: name, signature };
}
