/** What machines, centres and polling parties say of totals. */
import type { Message, NodeId } from "../../../protocol";

/** A total with the machine's signature, as it comes out of the machine. */
export interface SealedTotal {
  readonly machine: string;
  /** As `totalText` has it. */
  readonly total: string;
  /** The machine's Ed25519 signature. */
  readonly seal: string;
}

/** "I hold that this is the machine's total", signed by a centre, the machine's seal with it. */
export interface Attestation extends SealedTotal {
  readonly centre: NodeId;
  readonly signature: string;
}

/** 2f + 1 attestations of one total by different centres: anybody can check it alone. */
export interface Certificate {
  readonly machine: string;
  readonly total: string;
  readonly attestations: readonly Attestation[];
}

/** Signed statements that name a liar, and that a third party can check. */
export type Evidence =
  /** A centre attested a total that the machine did not seal; what it did seal stands beside. */
  | {
      readonly kind: "falseTotal";
      readonly liar: NodeId;
      readonly attested: Attestation;
      readonly sealed: SealedTotal;
    }
  /** A centre attested two totals of one machine. */
  | {
      readonly kind: "equivocation";
      readonly liar: NodeId;
      readonly first: Attestation;
      readonly second: Attestation;
    }
  /** A machine, or who has its key, sealed two totals: it has to be counted again. */
  | {
      readonly kind: "twoTotals";
      readonly liar: string;
      readonly first: SealedTotal;
      readonly second: SealedTotal;
    };

export type AttestationMessage =
  /** From a polling party or another centre; answered when it has a requestId. */
  | (Message & { readonly type: "report"; readonly sealed: SealedTotal })
  /** With the certificate once the total stands. */
  | (Message & {
      readonly type: "received";
      readonly machine: string;
      readonly certificate?: Certificate;
    })
  | (Message & { readonly type: "attest"; readonly attestation: Attestation })
  | (Message & { readonly type: "accuse"; readonly evidence: Evidence })
  /** A short hash of what the sender holds, by machine, and whom it has named. */
  | (Message & {
      readonly type: "compare";
      readonly held: Readonly<Record<string, string>>;
      readonly named: readonly string[];
    })
  /** What the other lacked. */
  | (Message & {
      readonly type: "copies";
      readonly attestations: readonly Attestation[];
      readonly certificates: readonly Certificate[];
      readonly evidence: readonly Evidence[];
    });

export type AttestationTimer = "sync" | "retry";
