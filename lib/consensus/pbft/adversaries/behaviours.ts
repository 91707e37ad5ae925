/** What a faulty replica may do, by name: several at once make one adversary. */

/** Each behaviour in a sentence. */
export const pbftBehaviours = {
  silent: "says nothing",
  slow: "says everything late, by `delayMs`",
  dawdling: "as the primary proposes late, by `delayMs`; is on time with all else",
  twoFaced: "proposes one batch to one half and another to the other half, and votes for both",
  wrongDigest: "proposes batches under a digest that is not theirs, and votes for such digests",
  swappingBatches: "as the primary sends one digest to all, with other requests to one half",
  conflictingVotes: "votes twice: first for the one digest here, for the other there",
  forging: "speaks in the name of others, and proposes requests that no client made",
  replaying: "says again what it has heard, of old views too, in any order",
  lyingToClients: "answers clients what was never the result",
  staleReads: "answers reads from a state of before the last requests",
  hidingPrepared: "in a view change keeps quiet about what it has prepared",
  oldCertificates: "in every second view change shows its lowest certificates, in the others none",
  forgedCertificates: "in a view change shows certificates of its own making",
  lowCheckpoint: "in a view change claims to have no stable checkpoint",
  badNewView: "as the new primary begins with other batches than the view changes prove",
  fewViewChanges: "as the new primary begins without the view changes of a quorum",
  corruptState: "vouches for wrong checkpoints, and hands out wrong states and batches",
  exhausting: "as the primary leaves gaps up to the high watermark and beyond it",
  restless: "asks for the next view again and again",
} as const;

export type PbftBehaviour = keyof typeof pbftBehaviours;

export const behaviourNames = Object.keys(pbftBehaviours) as readonly PbftBehaviour[];
