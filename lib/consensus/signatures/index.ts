/** Who has said what, so that a third one can be shown it: digests and Ed25519 signatures. */
export { isSignedBy, signAs } from "./by-name";
export type { Signed } from "./by-name";
export { digestOf, textDigest } from "./digest";
export { isSignedOnce, signOnce } from "./once";
