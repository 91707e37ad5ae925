/**
 * Signatures that this program computes once each, however many nodes run in it: a message to n
 * replicas is checked n times.
 *
 * Cost: a memory of the last `mostKnown` signatures that were right, with what they sign.
 */
import { isSigned, publicKeyOf, signText } from "../../basics";

const known = new Map<string, string>();
const mostKnown = 20_000;

function remember(signature: string, meaning: string): void {
  if (known.size >= mostKnown) known.delete(known.keys().next().value as string);
  known.set(signature, meaning);
}

/** As `signText`; `publicKey` is that of the secret one. */
export function signOnce(
  text: string,
  secretKey: string,
  publicKey = publicKeyOf(secretKey),
): string {
  const signature = signText(text, secretKey);
  remember(signature, `${publicKey} ${text}`);
  return signature;
}

/** As `isSigned`, for anything in the place of a signature; never throws. */
export function isSignedOnce(text: string, signature: unknown, publicKey: string): boolean {
  if (typeof signature !== "string") return false;
  const meaning = `${publicKey} ${text}`;
  if (known.get(signature) === meaning) return true;
  if (!isSigned(text, signature, publicKey)) return false;
  remember(signature, meaning);
  return true;
}
