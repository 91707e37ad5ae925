/**
 * Signatures: who has the secret key can sign, who has the public key can check. The same key and
 * text give the same signature, so that seeded runs can be repeated.
 *
 * Source: D. Bernstein and others, "High-speed high-security signatures", 2011; RFC 8032, section
 * 5.1, by OpenSSL.
 * Cost: on one core of 2026 about 30 us to sign and 75 us to check; keys of 32, signatures of 64
 * bytes.
 */
import { createHash, createPrivateKey, createPublicKey, sign, verify } from "crypto";
import type { KeyObject } from "crypto";
import { InputError } from "./input-error";

/** Both as 64 hexadecimal digits. */
export interface SigningKeys {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** What stands before 32 bytes of a key in DER: RFC 8410, sections 4 and 7. */
const secretPrefix = Buffer.from("302e020100300506032b657004220420", "hex");
const publicPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** Keys that were read before: reading one takes longer than checking a signature. */
const known = new Map<string, KeyObject>();
const mostKnown = 10_000;

/** The keys that belong to a secret of any length, which has to be hard to guess. */
export function signingKeysOf(secret: string): SigningKeys {
  const secretKey = createHash("sha256").update(secret).digest("hex");
  const exported = createPublicKey(readSecret(secretKey)).export({ format: "der", type: "spki" });
  return { secretKey, publicKey: exported.subarray(publicPrefix.length).toString("hex") };
}

/** The signature as 128 hexadecimal digits. Throws InputError for what is no secret key. */
export function signText(text: string, secretKey: string): string {
  return sign(null, Buffer.from(text), readSecret(secretKey)).toString("hex");
}

/** False for any signature that is not the text's by this key, and for what is no signature. */
export function isSigned(text: string, signature: string, publicKey: string): boolean {
  if (!/^[0-9a-f]{128}$/.test(signature) || !isKey(publicKey)) return false;
  const key = remembered(`p${publicKey}`, () => {
    const der = Buffer.concat([publicPrefix, Buffer.from(publicKey, "hex")]);
    return createPublicKey({ key: der, format: "der", type: "spki" });
  });
  return verify(null, Buffer.from(text), key, Buffer.from(signature, "hex"));
}

function readSecret(secretKey: string): KeyObject {
  if (!isKey(secretKey)) throw new InputError("a secret key must be 64 hexadecimal digits");
  return remembered(`s${secretKey}`, () => {
    const key = Buffer.concat([secretPrefix, Buffer.from(secretKey, "hex")]);
    return createPrivateKey({ key, format: "der", type: "pkcs8" });
  });
}

function isKey(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

function remembered(name: string, read: () => KeyObject): KeyObject {
  const found = known.get(name);
  if (found !== undefined) return found;
  if (known.size >= mostKnown) known.clear();
  const key = read();
  known.set(name, key);
  return key;
}
