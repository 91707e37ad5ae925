import { digestOf, isSignedBy, signAs } from "dabbawala/dist/consensus/signatures/index";
import { expect, test } from "vitest";

const seed = "test";
const text = "transfer 500 rupees";
const signature = signAs("n1", text, seed);
const signed = { signer: "n1", text, signature };

test("a signature passes for its signer and its text, always alike", () => {
  expect(isSignedBy(signed, seed)).toBe(true);
  expect(isSignedBy({ ...signed }, seed)).toBe(true);
  expect(signAs("n1", text, seed)).toBe(signature);
  expect(Buffer.from(signature, "hex")).toHaveLength(64);
});

test("not for another signer, another text, another key, and nothing that is no signature", () => {
  const forged = [
    { ...signed, signer: "n2" },
    { ...signed, text: "transfer 5000 rupees" },
    { ...signed, signature: signAs("n1", text, "other") },
    { ...signed, signature: `${signature.startsWith("a") ? "b" : "a"}${signature.slice(1)}` },
    { ...signed, signature: "" },
    { ...signed, signature: 7 as unknown as string },
  ];
  for (const claim of forged) expect(isSignedBy(claim, seed)).toBe(false);
});

test("the digest is SHA-256 of the JSON text", () => {
  const hex = "43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777";
  expect(digestOf({ b: 1 })).not.toBe(digestOf({ b: 2 }));
  expect(digestOf({ a: 1 })).toHaveLength(64);
  expect(digestOf({ a: 1, b: 2 })).toBe(hex);
});
