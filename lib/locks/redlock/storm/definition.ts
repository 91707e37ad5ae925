/**
 * Storms over Redlock: as it is, in what it assumes; each variant goes beyond one assumption, or
 * has the lock service on Raft under the same faults, with and without fencing.
 */
import { faultLabel } from "../../../hosts";
import type { ScheduledFault, StormDefinition } from "../../../hosts";
import { redlockFaults, simulateRedlock } from "../simulation/simulate-redlock";
import type { RedlockFault, RedlockSimulation } from "../simulation/simulate-redlock";

export type RedlockStormAction = { readonly kind: "fault" } & ScheduledFault;

const locks = ["redlock", "raft", "raftFenced"] as const;
const variants = locks.flatMap((lock) => redlockFaults.map((fault) => `${lock}-${fault}`));

export const storm: StormDefinition<RedlockStormAction> = {
  name: "redlock",
  modulePath: __filename,
  variants,
  about: () => "redis.io, Distributed Locks",
  sometimes: ["wrote", "accepted", "ended"],
  describe: ({ fault }) => faultLabel(fault),
  build(seed, variant = "redlock-quiet") {
    const [lock, fault] = variant.split("-") as [RedlockSimulation["lock"], RedlockFault];
    const plan: RedlockSimulation = { seed, lock, fault };
    return {
      plan,
      run(options) {
        const result = simulateRedlock(plan, options);
        const { lost, wrote, notes, actions, events, nowMs, trace } = result;
        const counts = new Map<string, number>();
        for (const { label } of notes) counts.set(label, (counts.get(label) ?? 0) + 1);
        const detail = `${lost} of ${wrote} acknowledged writes are gone`;
        const failure = lost > 0 ? { property: "lostUpdate", detail } : undefined;
        return { failure, actions, events, nowMs, trace, counts };
      },
    };
  },
};
