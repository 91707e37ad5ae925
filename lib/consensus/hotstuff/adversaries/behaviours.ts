/**
 * Replicas that lie, each in one way: the storm, the stories and the notebook put them in the place
 * of correct ones. What they sign, they sign as themselves: no signature is forged.
 *
 * Source: what Castro and Liskov 1999, section 4.4, and Yin et al. 2019, section 4.4, have to
 * withstand.
 * Assumes: as any replica. Guarantees: none, by intention. Cost: as a replica, or less.
 */
import { aroundHost } from "../../../protocol";
import type { Event, NodeId } from "../../../protocol";
import { signAs } from "../../signatures";
import { nameOf, proposalText, voteText } from "../block";
import { HotStuff } from "../hotstuff";
import type { Block, HotStuffMessage, HotStuffTimer, Proposal } from "../messages";
import type { HotStuffRules } from "../rules";
import { leaderOf } from "../state";
import type { HotStuffHost } from "../state";
import { isWellFormed } from "../well-formed";

type HotStuffEvent = Event<HotStuffMessage, HotStuffTimer>;

/** Hears everything and says nothing. */
export class SilentReplica extends HotStuff {
  override handle(event: HotStuffEvent, host: HotStuffHost): void {
    super.handle(event, aroundHost(host, { send: () => undefined }));
  }
}

/** Votes for whatever is proposed, twice in a view and against its own lock. */
export class VotingReplica extends HotStuff {
  override get rules(): HotStuffRules {
    return { ...super.rules, isNewer: () => true, isSafe: () => true };
  }
}

/** As leader it signs two blocks for each view, one for each half of the others. */
export class EquivocatingReplica extends VotingReplica {
  override handle(event: HotStuffEvent, host: HotStuffHost): void {
    const send = (to: NodeId, message: HotStuffMessage): void => {
      const isOther = this.replicas.indexOf(to) % 2 === 1;
      const isMine = message.type === "proposal" && isOther;
      host.send(to, isMine ? this.rivalOf(message) : message);
    };
    super.handle(event, aroundHost(host, { send }));
  }

  /** The same without its last command, or, of an empty block, at another height. */
  private rivalOf({ block, timeouts }: Proposal): Proposal {
    const commands = block.commands.slice(0, -1);
    const height = block.commands.length === 0 ? block.height + 1 : block.height;
    const rival: Block = { ...block, height, commands };
    const text = proposalText(rival.view, nameOf(rival));
    const signature = signAs(this.id, text, this.options.keySeed);
    return { type: "proposal", block: rival, signature, ...(timeouts && { timeouts }) };
  }
}

/**
 * As a new leader it hides what it knows: it makes no certificate of the votes that its office
 * would begin with, so that the others time out and ask for it, forgets the last block that was
 * decided, and begins beside it. Who has not heard of that decision is to decide otherwise.
 */
export class StaleReplica extends VotingReplica {
  /** The last view that it has forgotten a block for. */
  private forgotFor = 0;

  override handle(event: HotStuffEvent, host: HotStuffHost): void {
    if (event.kind === "message" && this.isForOffice(event.message)) return;
    const { view, highQC } = this;
    const isBeginning = leaderOf(this, view) === this.id && highQC.view !== view - 1;
    if (isBeginning && this.forgotFor < view) this.forget(view);
    super.handle(event, host);
  }

  /** A vote in the last view of the leader before it. */
  private isForOffice(message: HotStuffMessage): boolean {
    if (!isWellFormed(message) || message.type !== "vote") return false;
    const { view } = message;
    return leaderOf(this, view + 1) === this.id && leaderOf(this, view) !== this.id;
  }

  private forget(view: number): void {
    this.forgotFor = view;
    if (this.decided.length < 2) return;
    const name = this.decided.pop() as string;
    this.open.add(name);
    this.highQC = (this.blocks.get(name) as Block).justify;
  }
}

/** Says what a message may not be, and claims certificates for what nobody has voted for. */
export class ForgingReplica extends HotStuff {
  override handle(event: HotStuffEvent, host: HotStuffHost): void {
    super.handle(event, host);
    if (event.kind !== "message" || event.message.type !== "proposal") return;
    const { block } = event.message;
    const [command] = block.commands;
    const text = voteText(block.view, nameOf(block));
    const own = signAs(this.id, text, this.options.keySeed);
    const signatures = Object.fromEntries(this.replicas.map((id) => [id, own]));
    const certificate = { view: block.view, block: nameOf(block), signatures };
    const lies = [
      { type: "decide", certificate },
      { type: "vote", view: block.view, block: "nonsense", signature: own },
      { type: "vote", view: "tomorrow" },
      { type: "blocks", blocks: [{ ...block, commands: [] }] },
      ...(command ? [{ type: "request", ...command, command: { op: "put", key: "k" } }] : []),
    ];
    for (const to of this.replicas) {
      for (const lie of lies) if (to !== this.id) host.send(to, lie as unknown as HotStuffMessage);
    }
  }
}
