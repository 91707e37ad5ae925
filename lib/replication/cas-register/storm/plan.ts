/** What one seed of a storm over registers draws: a whole experiment, as plain data. */
import { Random } from "../../../basics";
import { drawDiskMs } from "../../../hosts";
import type { ServerStormPlan } from "../../../hosts";
import type { CasRegisterOptions } from "../cas-register";

export interface CasStormPlan extends ServerStormPlan {
  readonly keys: number;
  readonly operationsEach: number;
  /** A client gives an operation up after so long. */
  readonly answerMs: number;
  readonly options: Partial<CasRegisterOptions>;
}

export function planOf(seed: number, changes: Partial<CasStormPlan> = {}): CasStormPlan {
  const random = new Random(seed, 80);
  return {
    seed,
    servers: random.pick([3, 3, 5]),
    clients: 3,
    keys: random.pick([1, 1, 2]),
    operationsEach: 24,
    thinkMs: 5,
    answerMs: random.pick([150, 500]),
    faultsMs: 1_500,
    maxLatencyMs: 8,
    diskMs: drawDiskMs(random, 0.4, 4),
    options: random.chance(0.3) ? { replyMs: 40, attempts: 6 } : {},
    faults: {
      omitRate: 0.3,
      crash: { everyMs: 200, minMs: 1, maxMs: 100, disk: random.pick(["kept", "torn"] as const) },
      pause: { everyMs: 400, minMs: 1, maxMs: 100 },
      partition: { everyMs: 300, minMs: 10, maxMs: 200 },
      network: { everyMs: 300, minMs: 50, maxMs: 300, maxLossRate: 0.3, maxDuplicateRate: 0.5 },
      clog: { everyMs: 700, minMs: 10, maxMs: 200 },
    },
    ...changes,
  };
}
