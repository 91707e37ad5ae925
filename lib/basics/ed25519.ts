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

/** How bytes are written: 32 of them as 64 hexadecimal digits, or as 43 characters of base64url. */
export type Writing = "hex" | "base64url";

/** Both in one writing; what they sign is written alike. */
export interface SigningKeys {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** What stands before 32 bytes of a key in DER: RFC 8410, sections 4 and 7. */
const secretPrefix = Buffer.from("302e020100300506032b657004220420", "hex");
const publicPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** Keys that were read or made before: that takes longer than checking a signature. */
const known = new Map<string, KeyObject>();
const made = new Map<string, SigningKeys>();
const mostKnown = 10_000;

/** The keys that belong to a secret of any length, which has to be hard to guess. */
export function signingKeysOf(secret: string, writing: Writing = "hex"): SigningKeys {
  return remembered(made, `${writing} ${secret}`, () => {
    const secretKey = createHash("sha256").update(secret).digest(writing);
    return { secretKey, publicKey: publicKeyOf(secretKey) };
  });
}

/** The public key of a secret one. Throws InputError for what is no secret key. */
export function publicKeyOf(secretKey: string): string {
  const der = createPublicKey(readSecret(secretKey)).export({ format: "der", type: "spki" });
  return der.subarray(publicPrefix.length).toString(writingOf(secretKey, 32));
}

/** The signature, 64 bytes in the writing of the key. Throws InputError for what is no key. */
export function signText(text: string, secretKey: string): string {
  const signature = sign(null, Buffer.from(text), readSecret(secretKey));
  return signature.toString(writingOf(secretKey, 32));
}

/** False for any signature that is not the text's by this key, and for what is no signature. */
export function isSigned(text: string, signature: string, publicKey: string): boolean {
  const bytes = bytesOf(signature, 64);
  const key = bytes && readPublic(publicKey);
  return key !== undefined && verify(null, Buffer.from(text), key, bytes as Buffer);
}

/** The length tells: so many bytes are longer in hexadecimal digits. */
function writingOf(text: string, bytes: number): Writing {
  return text.length === 2 * bytes ? "hex" : "base64url";
}

/** Undefined for what is not so many bytes, and for the same ones in other words. */
function bytesOf(text: string, length: number): Buffer | undefined {
  if (text.length > 2 * length) return undefined;
  const writing = writingOf(text, length);
  const bytes = Buffer.from(text, writing);
  return bytes.length === length && bytes.toString(writing) === text ? bytes : undefined;
}

function readSecret(secretKey: string): KeyObject {
  return remembered(known, `secret ${secretKey}`, () => {
    const bytes = bytesOf(secretKey, 32);
    if (bytes === undefined) {
      throw new InputError("a secret key must be 64 hexadecimal digits, or 43 of base64url");
    }
    const key = Buffer.concat([secretPrefix, bytes]);
    return createPrivateKey({ key, format: "der", type: "pkcs8" });
  });
}

function readPublic(publicKey: string): KeyObject | undefined {
  const name = `public ${publicKey}`;
  const found = known.get(name);
  if (found !== undefined) return found;
  const bytes = bytesOf(publicKey, 32);
  if (bytes === undefined) return undefined;
  const key = Buffer.concat([publicPrefix, bytes]);
  return remembered(known, name, () => createPublicKey({ key, format: "der", type: "spki" }));
}

function remembered<V>(memory: Map<string, V>, name: string, find: () => V): V {
  const found = memory.get(name);
  if (found !== undefined) return found;
  if (memory.size >= mostKnown) memory.clear();
  const value = find();
  memory.set(name, value);
  return value;
}
