/** The Raft storm, for the command and for notebooks: Raft itself, or one with a planted bug. */
import { tellVariants } from "../../../hosts";
import type { StormDefinition, StormVerdict } from "../../../hosts";
import { Raft } from "../raft";
import { describeAction } from "./actions";
import type { RaftStormAction } from "./actions";
import { judge } from "./judge";
import { planOf } from "./plan";
import type { StormPlan } from "./plan";
import { progressMs } from "./run";
import type { StormResult } from "./run";
import { raftVariants } from "./variants";

/** Five servers under ten seconds of faults; a variant's own plan changes that. */
const wild: Partial<StormPlan> = { servers: 5, faultsMs: 10_000 };

/** What storms that test anything must have had, over all their seeds. */
export const sometimes: readonly string[] = [
  "becameLeader",
  "steppedDown",
  "lostQuorum",
  "snapshotTaken",
  "snapshotSent",
  "snapshotInstalled",
  "membership",
  "timeoutNow",
  "ok",
];

export const storm: StormDefinition<RaftStormAction> = {
  name: "raft",
  modulePath: __filename,
  ...tellVariants(raftVariants),
  sometimes,
  describe: describeAction,
  build(seed, variant) {
    const planted = raftVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan ?? wild);
    const server = planted?.server ?? Raft;
    return { plan, run: (options) => verdictOf(judge(plan, server, options)) };
  },
};

function verdictOf(result: StormResult): StormVerdict<RaftStormAction> {
  const { actions, nowMs, events, trace, counts } = result;
  return { failure: failureOf(result), actions, nowMs, events, trace, counts };
}

function failureOf({ violation, recoveredMs }: StormResult): StormVerdict["failure"] {
  if (violation !== undefined) {
    const { property, server, detail } = violation;
    return { property, detail: server === "" ? detail : `at ${server}: ${detail}` };
  }
  if (recoveredMs !== undefined) return undefined;
  const detail = `a healed quorum answered no client within ${progressMs} ms`;
  return { property: "progress", detail };
}
