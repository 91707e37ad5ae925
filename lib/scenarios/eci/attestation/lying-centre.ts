/** Centres that lie, each in named ways: for storms and demonstrations. */
import type { Event, NodeId } from "../../../protocol";
import { CountingCentre } from "./counting-centre";
import type { CentreHost, CentreOptions } from "./counting-centre";
import { inflate } from "./machine-total";
import type { Attestation, AttestationMessage, AttestationTimer } from "./messages";
import type { Evidence, SealedTotal } from "./messages";
import { attest } from "./signatures";

/**
 * "silent": says nothing. "falseTotal": attests a twelfth more for the first candidate.
 * "equivocate": one total to half of the centres, another to the rest. "collude": passes on and
 * attests the second total of machines whose key was stolen. "forge": attests in others' names.
 * "frame": accuses honest centres, and hands out certificates, with signatures that do not fit.
 * "replay": repeats what it hears. "garbage": messages that are none.
 */
export type Lie = (typeof lies)[number];

export const lies = [
  ...(["silent", "falseTotal", "equivocate", "collude", "forge", "frame"] as const),
  ...(["replay", "garbage"] as const),
];

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
const share = 1 / 12;

interface Told {
  readonly to: NodeId;
  readonly message: AttestationMessage;
}

/** The class, of which those lie that the option names. */
export function lying(honest: CentreClass): CentreClass {
  return class LyingCentre extends honest {
    private readonly lies: readonly Lie[];
    private readonly friends: readonly NodeId[];
    private readonly stolen: readonly SealedTotal[];
    private readonly told: Told[] = [];

    constructor(id: NodeId, peers: readonly NodeId[], options: Partial<LyingOptions> = {}) {
      super(id, peers, options);
      this.lies = options.lies?.[id] ?? [];
      this.friends = this.lies.length > 0 ? Object.keys(options.lies ?? {}) : [];
      this.stolen = options.stolen ?? [];
    }

    override handle(event: Event<AttestationMessage, AttestationTimer>, host: CentreHost): void {
      if (this.lies.includes("silent")) return;
      super.handle(event, host);
      if (event.kind !== "timer" || this.told.length === 0) return;
      for (let i = 0; i < repeatedAtOnce; i++) {
        const { to, message } = this.told[Math.floor(host.random() * this.told.length)] as Told;
        host.send(to, message);
      }
    }

    protected override hear(from: NodeId, message: AttestationMessage, host: CentreHost): void {
      super.hear(from, message, host);
      if (!this.lies.includes("replay") || message.type !== "attest") return;
      for (const peer of this.peers) this.say(peer, message, host);
    }

    protected override giveWord(of: SealedTotal, host: CentreHost): void {
      const isAboutWord = this.lies.some((lie) => lie !== "replay");
      if (!isAboutWord) return super.giveWord(of, host);
      if (this.own.has(of.machine)) return;
      const words = this.wordsOn(of);
      // Kept from what it compares with others: a liar does not hand out what it told somebody else.
      this.own.set(of.machine, words[0] as Attestation);
      this.peers.forEach((peer, i) => {
        const attestation = words[i % words.length] as Attestation;
        this.say(peer, { type: "attest", attestation }, host);
        for (const message of this.attacksOn(peer, of)) this.say(peer, message, host);
      });
    }

    /** Liars do not accuse each other, nor themselves. */
    protected override name(evidence: Evidence, host: CentreHost): void {
      if (!this.friends.includes(evidence.liar)) super.name(evidence, host);
    }

    /** What it signs: one total, or two for two halves. */
    private wordsOn(of: SealedTotal): Attestation[] {
      const sign = (total: SealedTotal): Attestation =>
        attest(this.id, total, this.options.secretKeys[this.id] ?? "");
      const inflated = { ...of, total: inflate(of.total, share) };
      const second = this.stolen.find(({ machine }) => machine === of.machine);
      if (this.lies.includes("equivocate")) {
        const other = second?.total === of.total ? inflated : (second ?? inflated);
        return [sign(of), sign(other)];
      }
      if (this.lies.includes("falseTotal")) return [sign(inflated)];
      return [sign(this.lies.includes("collude") ? (second ?? of) : of)];
    }

    private attacksOn(peer: NodeId, of: SealedTotal): AttestationMessage[] {
      const found: AttestationMessage[] = [];
      const second = this.stolen.find(({ machine }) => machine === of.machine);
      if (this.lies.includes("collude") && second !== undefined) {
        found.push({ type: "report", sealed: second });
      }
      if (this.lies.includes("forge")) {
        found.push(...this.forgeries(of).map((attestation) => told("attest", { attestation })));
      }
      if (this.lies.includes("frame")) found.push(...this.slanders(peer, of));
      if (this.lies.includes("garbage")) {
        found.push(told("attest", {}), told("accuse", { evidence: { liar: peer } }));
        found.push(told("compare", { held: null, named: 7 }), told("copies", {}));
      }
      return found;
    }

    /** In the name of every other centre: signed by itself, and with the word's own signature. */
    private forgeries(of: SealedTotal): Attestation[] {
      const inflated = { ...of, total: inflate(of.total, share) };
      return this.peers.map((centre) => {
        const { signature } = attest(centre, inflated, this.options.secretKeys[this.id] ?? "");
        return { ...inflated, centre, signature };
      });
    }

    private slanders(liar: NodeId, of: SealedTotal): AttestationMessage[] {
      const forged = this.forgeries(of);
      const attested = forged.find(({ centre }) => centre === liar) as Attestation;
      const honest = { ...attested, total: of.total };
      const evidence: readonly Evidence[] = [
        { kind: "falseTotal", liar, attested, sealed: of },
        { kind: "equivocation", liar, first: attested, second: honest },
        { kind: "twoTotals", liar: of.machine, first: of, second: attested },
      ];
      const { machine, total } = attested;
      const certificates = [{ machine, total, attestations: forged }];
      return [
        ...evidence.map((each) => told("accuse", { evidence: each })),
        told("copies", { attestations: [], certificates, evidence: [] }),
      ];
    }

    private say(to: NodeId, message: AttestationMessage, host: CentreHost): void {
      host.send(to, message);
      if (this.told.length < mostKept) this.told.push({ to, message });
    }
  };
}

/** A message that need not be one. */
function told(type: AttestationMessage["type"], fields: object): AttestationMessage {
  return { type, ...fields } as AttestationMessage;
}

/** Honest unless `lies` names it. */
export const LyingCentre: CentreClass = lying(CountingCentre);
