/** What a seed draws for a storm over Plumtree: plain data. */
import { Random } from "../../../basics";
import { at, crash, groupActions } from "../../../hosts";
import type { GroupAction } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import type { PlumtreeMessage } from "../messages";

/**
 * "calm": nobody fails, and one message comes after the other, so that its copies can be counted.
 * "crashes": some nodes crash for good while messages travel; nobody is told.
 */
export interface PlumtreeStormPlan {
  readonly seed: number;
  readonly weather: "calm" | "crashes";
}

export const names: readonly NodeId[] = Array.from({ length: 24 }, (_, i) => `n${i + 1}`);
const latencyMs = 40;
export const network = { latency: { kind: "uniform", minMs: 5, maxMs: latencyMs } } as const;
/** Longer than the way through all nodes. */
export const options = { graftTimeoutMs: names.length * latencyMs } as const;
/** A message has come to rest by then: holes behind holes, one timeout each, are mended. */
export const restMs = 3_000;

/** Messages and crashes in the middle of one another. */
const crowdMs = 3_000;
/** At last messages one at a time: by then the tree has to be a tree again. */
const quietMs = Array.from({ length: 7 }, (_, i) => crowdMs + restMs * (i + 1));
export const faultsMs = crowdMs + restMs * (quietMs.length + 1);

export function planOf(seed: number, fixed: Partial<PlumtreeStormPlan> = {}): PlumtreeStormPlan {
  const weather = new Random(seed, 110).pick(["calm", "crashes", "crashes"] as const);
  return { seed, weather, ...fixed };
}

export function actionsOf({ seed, weather }: PlumtreeStormPlan): GroupAction<PlumtreeMessage>[] {
  const random = new Random(seed, 111);
  const isCalm = weather === "calm";
  const victims = random.shuffle(names).slice(0, isCalm ? 0 : 6);
  const living = names.filter((id) => !victims.includes(id));
  const crowd = Array.from({ length: isCalm ? 0 : 10 }, () => random.between(0, crowdMs));
  crowd.sort((left, right) => left - right);
  const told = [
    ...crowd.map((ms) => ({ atMs: Math.ceil(ms), to: random.pick(names) })),
    // Who is dead hears nothing, and the tree would not be mended.
    ...quietMs.map((atMs) => ({ atMs, to: random.pick(living) })),
  ];
  // In the middle of a broadcast: what is lost with them has to be asked for.
  const faults = victims.map((victim, i) => {
    const { atMs } = told[i] as { atMs: number };
    return at(atMs + Math.ceil(random.between(1, 120)), crash([victim]));
  });
  return groupActions(faults, told.map(tell));
}

type Telling = Pick<Extract<GroupAction, { kind: "tell" }>, "atMs" | "to">;

function tell(telling: Telling, i: number): GroupAction<PlumtreeMessage> {
  const message = { type: "tell", rumour: { id: `m${i}`, content: i } } as const;
  return { kind: "tell", ...telling, message };
}
