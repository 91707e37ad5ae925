/** The tree of machine totals, and the proofs that a citizen checks alone. */
export { leafHash, nodeHash } from "./hashing";
export { MerkleLog } from "./merkle-log";
export type { ConsistencyProof, InclusionProof } from "./merkle-log";
export { verifyConsistency, verifyInclusion } from "./verify-proofs";
