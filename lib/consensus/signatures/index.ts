/** Who has said what, so that a third one can be shown it: digests and Ed25519 signatures. */
export { digestOf } from "./digest";
export { isSignedBy, signAs } from "./ed25519";
export type { Signed } from "./ed25519";
