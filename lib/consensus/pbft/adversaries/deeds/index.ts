import type { PbftBehaviour } from "../behaviours";
import type { Deed } from "../liar";
import { exhausting } from "./exhausting";
import { forging } from "./forgeries";
import { lyingToClients, staleReads } from "./replies";
import { replaying } from "./replays";
import { corruptState } from "./states";
import { dawdling, silent, slow } from "./timing";
import { twoFaced } from "./two-faced";
import { badNewView, fewViewChanges, forgedCertificates, hidingPrepared } from "./view-changes";
import { lowCheckpoint, oldCertificates, restless } from "./view-changes";
import { conflictingVotes, swappingBatches, wrongDigest } from "./votes";

/** What each behaviour does. */
export const deeds: Readonly<Record<PbftBehaviour, Deed>> = {
  silent,
  slow,
  dawdling,
  twoFaced,
  wrongDigest,
  swappingBatches,
  conflictingVotes,
  forging,
  replaying,
  lyingToClients,
  staleReads,
  hidingPrepared,
  oldCertificates,
  forgedCertificates,
  lowCheckpoint,
  badNewView,
  fewViewChanges,
  corruptState,
  exhausting,
  restless,
};
