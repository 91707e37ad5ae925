/** Counting centres with one rule broken each, and where storms should blow to find it. */
import { withIds } from "../../../../hosts";
import type { Variant } from "../../../../hosts";
import { aroundHost } from "../../../../protocol";
import type { Event } from "../../../../protocol";
import { CountingCentre } from "../counting-centre";
import type { CentreHost } from "../counting-centre";
import type { Lie } from "../lies";
import type { CentreClass } from "../lying-centre";
import type { Attestation, AttestationMessage, AttestationTimer } from "../messages";
import type { Certificate, Evidence, SealedTotal } from "../messages";
import { attest } from "../signatures";
import type { AttestationStormPlan } from "./plan";

export interface AttestationVariant extends Variant<AttestationStormPlan> {
  readonly centre: CentreClass;
}

class FewAreEnough extends CountingCentre {
  protected override get needed(): number {
    return super.needed - Math.floor((Object.keys(this.options.book.centres).length - 1) / 3);
  }
}

class UnsignedAccepted extends CountingCentre {
  protected override isSigned(): boolean {
    return true;
  }
}

class SealUnchecked extends CountingCentre {
  protected override isCovered(): boolean {
    return true;
  }
}

/** Counts messages, not centres. */
class DuplicatesCounted extends CountingCentre {
  private readonly arrived: Attestation[] = [];

  protected override onAttestation(attestation: Attestation, host: CentreHost): void {
    if (this.isSigned(attestation)) this.arrived.push(attestation);
    super.onAttestation(attestation, host);
    this.decide(attestation.machine, attestation.total, host);
  }

  protected override votesFor(machine: string, total: string): readonly Attestation[] {
    return this.arrived.filter((of) => of.machine === machine && of.total === total);
  }
}

class EquivocationUnnoticed extends CountingCentre {
  protected override compareWithItself(): void {
    return undefined;
  }
}

/** Attests every total that it sees. */
class TwoWords extends CountingCentre {
  protected override giveWord(of: SealedTotal, host: CentreHost): void {
    if (this.own.get(of.machine)?.total === of.total) return;
    const attestation = attest(this.id, of, this.options.secretKeys[this.id] ?? "");
    this.own.set(of.machine, attestation);
    host.note("attested", { machine: of.machine, total: of.total });
    this.tell({ type: "attest", attestation }, host);
  }
}

class WordNotSaved extends CountingCentre {
  override handle(event: Event<AttestationMessage, AttestationTimer>, host: CentreHost): void {
    const save = (key: string, value: unknown): void => {
      if (!key.startsWith("own/")) host.save(key, value);
    };
    super.handle(event, aroundHost(host, { save }));
  }
}

class EvidenceUnchecked extends CountingCentre {
  protected override isProof(of: Evidence | Certificate): boolean {
    return "kind" in of || super.isProof(of);
  }
}

class CertificateUnchecked extends CountingCentre {
  protected override isProof(of: Evidence | Certificate): boolean {
    return !("kind" in of) || super.isProof(of);
  }
}

const one = (...lies: readonly Lie[]): Partial<AttestationStormPlan> => ({ lies: { n2: lies } });

export const attestationVariants: readonly AttestationVariant[] = withIds<AttestationVariant>([
  {
    name: "f + 1 attestations are enough",
    section: "2f + 1 of 3f + 1",
    plan: { ...one("collude"), stolen: 2 },
    centre: FewAreEnough,
  },
  {
    name: "unsigned attestations are accepted",
    section: "signatures first",
    plan: one("forge"),
    centre: UnsignedAccepted,
  },
  {
    name: "the machine's seal is not checked",
    section: "seals",
    plan: one("falseTotal"),
    centre: SealUnchecked,
  },
  {
    name: "duplicates are counted twice",
    section: "a vote a centre",
    plan: one("replay"),
    centre: DuplicatesCounted,
  },
  {
    name: "equivocation is not noticed",
    section: "evidence",
    plan: { ...one("equivocate"), stolen: 3, machines: 3 },
    centre: EquivocationUnnoticed,
  },
  {
    name: "a centre attests two totals",
    section: "one word a machine",
    plan: { ...one("collude"), stolen: 2 },
    centre: TwoWords,
  },
  {
    name: "the word is not saved",
    section: "one word a machine",
    plan: { ...one("collude"), stolen: 3 },
    centre: WordNotSaved,
  },
  {
    name: "evidence is believed unchecked",
    section: "evidence",
    plan: one("frame"),
    centre: EvidenceUnchecked,
  },
  {
    name: "certificates are believed unchecked",
    section: "certificates",
    plan: one("frame"),
    centre: CertificateUnchecked,
  },
]);
