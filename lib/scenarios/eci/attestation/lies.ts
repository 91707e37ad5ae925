/** What centres that lie say: for storms and demonstrations. */
import type { NodeId } from "../../../protocol";
import { inflate } from "./machine-total";
import type { Attestation, AttestationMessage, Evidence, SealedTotal } from "./messages";
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

/** Who lies, and what it has to lie with. */
export interface Liar {
  readonly id: NodeId;
  readonly peers: readonly NodeId[];
  readonly secretKey: string;
  readonly lies: readonly Lie[];
  /** Second totals of machines whose key was stolen. */
  readonly stolen: readonly SealedTotal[];
}

const share = 1 / 12;

function inflated(of: SealedTotal): SealedTotal {
  return { ...of, total: inflate(of.total, share) };
}

/** What the liar signs of a machine: one total, or two for two halves. */
export function wordsOn(liar: Liar, of: SealedTotal): Attestation[] {
  const sign = (total: SealedTotal): Attestation => attest(liar.id, total, liar.secretKey);
  const second = liar.stolen.find(({ machine }) => machine === of.machine);
  if (liar.lies.includes("equivocate")) {
    const other = second?.total === of.total ? inflated(of) : (second ?? inflated(of));
    return [sign(of), sign(other)];
  }
  if (liar.lies.includes("falseTotal")) return [sign(inflated(of))];
  return [sign(liar.lies.includes("collude") ? (second ?? of) : of)];
}

/** What it sends to a peer besides. */
export function attacksOn(liar: Liar, peer: NodeId, of: SealedTotal): AttestationMessage[] {
  const found: AttestationMessage[] = [];
  const second = liar.stolen.find(({ machine }) => machine === of.machine);
  if (liar.lies.includes("collude") && second !== undefined) {
    found.push({ type: "report", sealed: second });
  }
  if (liar.lies.includes("forge")) {
    found.push(...forgeries(liar, of).map((attestation) => message("attest", { attestation })));
  }
  if (liar.lies.includes("frame")) found.push(...slanders(liar, peer, of));
  if (liar.lies.includes("garbage")) {
    found.push(message("attest", {}), message("accuse", { evidence: { liar: peer } }));
    found.push(message("compare", { held: null, named: 7 }), message("copies", {}));
  }
  return found;
}

/** In the name of every other centre, signed by itself. */
function forgeries({ peers, secretKey }: Liar, of: SealedTotal): Attestation[] {
  return peers.map((centre) => {
    const { signature } = attest(centre, inflated(of), secretKey);
    return { ...inflated(of), centre, signature };
  });
}

function slanders(by: Liar, liar: NodeId, of: SealedTotal): AttestationMessage[] {
  const forged = forgeries(by, of);
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
    ...evidence.map((each) => message("accuse", { evidence: each })),
    message("copies", { attestations: [], certificates, evidence: [] }),
  ];
}

/** It need not be one. */
function message(type: AttestationMessage["type"], fields: object): AttestationMessage {
  return { type, ...fields } as AttestationMessage;
}
