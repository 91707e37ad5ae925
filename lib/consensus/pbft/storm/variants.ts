/**
 * PBFT with one rule broken each, or with more liars than it can bear. Storms that do not find
 * them are worth nothing, so each must be found; `npm run mutants` says how soon.
 */
import { withIds } from "../../../hosts";
import type { Variant } from "../../../hosts";
import type { PbftBehaviour } from "../adversaries";
import { Pbft } from "../pbft";
import { clientWith, pbftWith, TrustingReplica, UnsavedReplica } from "./planted-bugs";
import type { PbftStormPlan, Turncoat } from "./plan";
import type { PbftParts } from "./run";

export interface PbftVariant extends Variant<PbftStormPlan> {
  readonly parts?: PbftParts;
}

function liars(names: readonly string[], ...behaviours: PbftBehaviour[]): readonly Turncoat[] {
  return names.map((replica) => ({ replica, behaviours }));
}

/** The first primary of four lies so. */
function first(...behaviours: PbftBehaviour[]): Partial<PbftStormPlan> {
  return { replicas: 4, turncoats: liars(["n1"], ...behaviours) };
}

/** Messages are lost all the time, and clients ask without a pause. */
const lossy = {
  faults: {
    network: { everyMs: 20, minMs: 400, maxMs: 900, maxLossRate: 0.3, maxReorderRate: 0.3 },
    partition: { everyMs: 700, minMs: 30, maxMs: 400 },
  },
  machine: "kv",
  thinkMs: 0,
  operationsEach: 40,
} as const;

/** Primaries are given up soon, so that there are many views. */
const restless = {
  ...{ ...lossy, operationsEach: 25, maxLatencyMs: 12 },
  options: {
    ...{ requestTimeoutMs: 40, maxTimeoutMs: 320, checkpointEvery: 10, watermarkWindow: 30 },
    ...{ maxInFlight: 4, maxBatchRequests: 1 },
  },
} as const;

export const pbftVariants = withIds<PbftVariant>([
  {
    name: "f + 1 liars",
    section: "3",
    parts: { replica: Pbft },
    plan: { replicas: 4, turncoats: liars(["n1", "n2"], "twoFaced") },
  },
  {
    name: "2f commits",
    section: "4.2",
    parts: { replica: pbftWith({ commitsNeeded: ({ f }) => 2 * f }) },
    plan: first("twoFaced", "hidingPrepared"),
  },
  {
    name: "2f - 1 prepares",
    section: "4.2",
    parts: { replica: pbftWith({ preparesNeeded: ({ f }) => 2 * f - 1 }) },
    plan: {
      ...{ ...restless, replicas: 4, turncoats: liars(["n3"], "twoFaced") },
      options: { ...restless.options, authentication: "signatures" },
    },
  },
  {
    name: "certificates that nobody checks",
    section: "4.4",
    parts: { replica: pbftWith({ checksCertificates: false }) },
    plan: { ...restless, replicas: 4, turncoats: liars(["n2"], "forgedCertificates") },
  },
  {
    name: "one voice tells what was executed",
    section: "ours, learning.ts",
    parts: { replica: pbftWith({ executedNeeded: () => 1 }) },
    plan: first("twoFaced"),
  },
  {
    name: "the certificate of the lower view",
    section: "4.4",
    parts: {
      replica: pbftWith({ isBetter: (candidate, current) => candidate.view < current.view }),
    },
    plan: { ...restless, replicas: 4, turncoats: liars(["n4"], "oldCertificates") },
  },
  {
    name: "gaps that are not filled",
    section: "4.4",
    parts: { replica: pbftWith({ fillsGaps: false }) },
    plan: first("exhausting"),
  },
  {
    name: "a digest that is not checked",
    section: "4.2",
    parts: { replica: pbftWith({ isDigestOf: () => true }) },
    plan: first("swappingBatches"),
  },
  {
    name: "watermarks that are not kept",
    section: "4.2",
    parts: { replica: pbftWith({ isInWindow: () => true }) },
    plan: first("exhausting"),
  },
  {
    name: "one answer is enough",
    section: "4.1",
    parts: { client: clientWith({ repliesNeeded: () => 1 }) },
    plan: first("lyingToClients"),
  },
  {
    name: "a request that is done twice",
    section: "4.1",
    parts: { replica: pbftWith({ isNew: () => true }) },
    plan: first("replaying"),
  },
  {
    name: "one voice makes a checkpoint stable",
    section: "4.3",
    parts: { replica: pbftWith({ checkpointsNeeded: () => 1 }) },
    plan: first("corruptState"),
  },
  {
    name: "a new view that is not checked",
    section: "4.4",
    parts: { replica: pbftWith({ checksNewView: false }) },
    plan: { replicas: 4, turncoats: liars(["n2"], "badNewView") },
  },
  {
    name: "f + 1 view changes begin a view",
    section: "4.4",
    parts: { replica: pbftWith({ viewChangesNeeded: ({ f }) => f + 1 }) },
    plan: { ...restless, replicas: 4, turncoats: liars(["n2"], "hidingPrepared") },
  },
  {
    name: "signatures that nobody checks",
    section: "4.2",
    parts: { replica: TrustingReplica },
    plan: first("forging"),
  },
  {
    name: "certificates that are not saved",
    section: "4.4, ours",
    parts: { replica: UnsavedReplica },
    plan: { replicas: 4, turncoats: liars(["n2"], "hidingPrepared") },
  },
  {
    name: "reads that do not wait",
    section: "5.1",
    parts: { replica: pbftWith({ readsWait: false }) },
    plan: { ...lossy, replicas: 4, turncoats: liars(["n2"], "staleReads") },
  },
  {
    name: "f + 1 answers to a read",
    section: "5.1",
    parts: { client: clientWith({ readRepliesNeeded: ({ f }) => f + 1 }) },
    plan: { ...lossy, replicas: 4, turncoats: liars(["n2"], "staleReads") },
  },
]);
