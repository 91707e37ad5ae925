/** Blocks and what is signed over them and over commands. */
import type { NodeId } from "../../protocol";
import { digestOf, isSignedBy, signAs } from "../signatures";
import type { Block, Certificate, Command } from "./messages";

/** Views begin at 1; everybody starts with this block, and nobody has to certify it. */
export const genesisName = "genesis";
export const genesisCertificate: Certificate = { view: 0, block: genesisName, signatures: {} };
export const genesis: Block = { height: 0, view: 0, commands: [], justify: genesisCertificate };

/** The digest of all that the block holds, its parent's among it. */
export function nameOf(block: Block): string {
  const { height, view, commands, justify } = block;
  return digestOf([height, view, commands, justify]);
}

export const voteText = (view: number, block: string): string => `vote ${view} ${block}`;
export const proposalText = (view: number, block: string): string => `propose ${view} ${block}`;
export const newViewText = (view: number): string => `new view ${view}`;

type Unsigned = Omit<Command, "signature">;

function commandText({ client, requestId, command }: Unsigned): string {
  return JSON.stringify(["command", client, requestId, command]);
}

export function signCommand(unsigned: Unsigned, keySeed: string): Command {
  return { ...unsigned, signature: signAs(unsigned.client, commandText(unsigned), keySeed) };
}

/** Its client, and nobody else, has asked for it. */
export function isCommand(command: Command, keySeed: string): boolean {
  const { client: signer, signature } = command;
  return isSignedBy({ signer, text: commandText(command), signature }, keySeed);
}

export interface SignedVotes {
  readonly text: string;
  readonly signatures: Readonly<Record<NodeId, string>>;
}

/** So many of `replicas` have signed the text, and no signature in it is wrong. */
export function countSigners(
  { text, signatures }: SignedVotes,
  replicas: readonly NodeId[],
  keySeed: string,
): number {
  const signers = Object.keys(signatures);
  const areRight = signers.every(
    (signer) =>
      replicas.includes(signer) &&
      isSignedBy({ signer, text, signature: signatures[signer] as string }, keySeed),
  );
  return areRight ? signers.length : 0;
}
