/** Counting centres of which some lie, each in named ways. */
import type { Event, NodeId } from "../../../protocol";
import { CountingCentre } from "./counting-centre";
import type { CentreHost, CentreOptions } from "./counting-centre";
import { attacksOn, wordsOn } from "./lies";
import type { Liar, Lie } from "./lies";
import type { Attestation, AttestationMessage, AttestationTimer } from "./messages";
import type { Evidence, SealedTotal } from "./messages";

export interface LyingOptions extends CentreOptions {
  /** By centre: how it lies; a centre that is not named is honest. */
  readonly lies: Readonly<Record<NodeId, readonly Lie[]>>;
  /** Second totals of machines whose key was stolen. */
  readonly stolen: readonly SealedTotal[];
}

export type CentreClass = new (
  id: NodeId,
  peers: readonly NodeId[],
  options?: Partial<LyingOptions>,
) => CountingCentre;

/** What was said once may be said again: so many of a liar's messages are kept for that. */
const mostKept = 300;
const repeatedAtOnce = 6;

interface Told {
  readonly to: NodeId;
  readonly message: AttestationMessage;
}

/** The class, of which those lie that the option names. */
export function lying(honest: CentreClass): CentreClass {
  return class LyingCentre extends honest {
    private readonly liar: Liar;
    private readonly friends: readonly NodeId[];
    private readonly told: Told[] = [];

    constructor(id: NodeId, peers: readonly NodeId[], options: Partial<LyingOptions> = {}) {
      super(id, peers, options);
      const { lies = {}, stolen = [], secretKeys = {} } = options;
      this.liar = { id, peers, secretKey: secretKeys[id] ?? "", lies: lies[id] ?? [], stolen };
      this.friends = this.liar.lies.length > 0 ? Object.keys(lies) : [];
    }

    override handle(event: Event<AttestationMessage, AttestationTimer>, host: CentreHost): void {
      if (this.liar.lies.includes("silent")) return;
      super.handle(event, host);
      if (event.kind !== "timer" || this.told.length === 0) return;
      for (let i = 0; i < repeatedAtOnce; i++) {
        const { to, message } = this.told[Math.floor(host.random() * this.told.length)] as Told;
        host.send(to, message);
      }
    }

    protected override hear(from: NodeId, message: AttestationMessage, host: CentreHost): void {
      super.hear(from, message, host);
      if (!this.liar.lies.includes("replay") || message.type !== "attest") return;
      for (const peer of this.peers) this.say(peer, message, host);
    }

    protected override giveWord(of: SealedTotal, host: CentreHost): void {
      const isAboutWord = this.liar.lies.some((lie) => lie !== "replay");
      if (!isAboutWord) return super.giveWord(of, host);
      if (this.own.has(of.machine)) return;
      const words = wordsOn(this.liar, of);
      // Kept from what it compares: a liar does not hand out what it told somebody else.
      this.own.set(of.machine, words[0] as Attestation);
      this.peers.forEach((peer, i) => {
        const attestation = words[i % words.length] as Attestation;
        this.say(peer, { type: "attest", attestation }, host);
        for (const message of attacksOn(this.liar, peer, of)) this.say(peer, message, host);
      });
    }

    /** Liars do not accuse each other, nor themselves. */
    protected override name(evidence: Evidence, host: CentreHost): void {
      if (!this.friends.includes(evidence.liar)) super.name(evidence, host);
    }

    private say(to: NodeId, message: AttestationMessage, host: CentreHost): void {
      host.send(to, message);
      if (this.told.length < mostKept) this.told.push({ to, message });
    }
  };
}

/** Honest unless `lies` names it. */
export const LyingCentre: CentreClass = lying(CountingCentre);
