import { describe, expect, it } from "vitest";
import { isSigned, publicKeyOf, signingKeysOf, signText } from "dabbawala/basics";

describe("Ed25519", () => {
  it("signs as in RFC 8032, section 7.1, test 2", () => {
    const secretKey = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    const publicKey = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    const signature =
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    expect(signText("r", secretKey)).toBe(signature);
    expect(isSigned("r", signature, publicKey)).toBe(true);
  });

  it("refuses another text, another key, and what is no signature or key", () => {
    const [asha, ravi] = [signingKeysOf("asha"), signingKeysOf("ravi")];
    const signature = signText("312 votes", asha.secretKey);
    expect(isSigned("312 votes", signature, asha.publicKey)).toBe(true);
    expect(isSigned("313 votes", signature, asha.publicKey)).toBe(false);
    expect(isSigned("312 votes", signature, ravi.publicKey)).toBe(false);
    expect(isSigned("312 votes", "", asha.publicKey)).toBe(false);
    expect(isSigned("312 votes", signature.toUpperCase(), asha.publicKey)).toBe(false);
    expect(isSigned("312 votes", signature, "")).toBe(false);
    expect(isSigned("312 votes", signature, "f".repeat(64))).toBe(false);
    expect(() => signText("312 votes", "")).toThrow(
      "a secret key must be 64 hexadecimal digits, or 43",
    );
  });

  it("gives the same keys for the same secret", () => {
    expect(signingKeysOf("asha")).toEqual(signingKeysOf("asha"));
    expect(signingKeysOf("asha")).not.toEqual(signingKeysOf("asha "));
  });

  it("writes the same keys and signatures shorter in base64url, each in one way", () => {
    const [long, short] = [signingKeysOf("asha"), signingKeysOf("asha", "base64url")];
    const bytes = Buffer.from(long.secretKey, "hex");
    expect(short.secretKey).toBe(bytes.toString("base64url"));
    expect(publicKeyOf(short.secretKey)).toBe(short.publicKey);
    const signature = signText("312 votes", short.secretKey);
    expect(signature).toHaveLength(86);
    expect(isSigned("312 votes", signature, short.publicKey)).toBe(true);
    expect(isSigned("312 votes", signature, long.publicKey)).toBe(true);
    // The last character has spare bits, which decoding does not look at.
    const last = signature.endsWith("A") ? "B" : String.fromCharCode(signature.charCodeAt(85) + 1);
    const twin = `${signature.slice(0, 85)}${last}`;
    expect(Buffer.from(twin, "base64url").equals(Buffer.from(signature, "base64url"))).toBe(true);
    expect(isSigned("312 votes", twin, short.publicKey)).toBe(false);
  });
});
