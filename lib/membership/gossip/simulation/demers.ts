/** The tables of Demers et al. 1987, section 1.4, measured again. */
import { wholeInRange } from "../../../basics";
import type { InterestOptions } from "../interest";
import type { GossipMode } from "../rumour-monger";
import { spreadRumour } from "./rumour-rounds";

export interface DemersRow {
  readonly k: number;
  readonly residue: number;
  readonly traffic: number;
  readonly lastRound: number;
  /** Of the paper, where it gives one. */
  readonly published: {
    readonly residue: number;
    readonly traffic: number;
    readonly lastRound: number;
  };
}

export interface DemersTable {
  readonly name: string;
  readonly mode: GossipMode;
  readonly interest: Omit<InterestOptions, "k">;
  /** By k from 1: residue, traffic, last cycle. */
  readonly published: readonly (readonly [residue: number, traffic: number, lastRound: number])[];
}

/** Of 1,000 sites. */
export const demersTables: readonly DemersTable[] = [
  {
    name: "table 1: push, feedback, counter",
    mode: "push",
    interest: { feedback: "feedback", loss: "counter" },
    published: [
      [0.18, 1.7, 16.8],
      [0.037, 3.3, 16.9],
      [0.011, 4.5, 17.4],
      [0.0036, 5.6, 17.5],
      [0.0012, 6.7, 17.7],
    ],
  },
  {
    name: "table 2: push, blind, coin",
    mode: "push",
    interest: { feedback: "blind", loss: "coin" },
    published: [
      [0.96, 0.04, 38],
      [0.2, 1.6, 33],
      [0.06, 2.8, 32],
      [0.021, 3.9, 32],
      [0.008, 4.9, 32],
    ],
  },
  {
    name: "table 3: pull, feedback, counter",
    mode: "pull",
    interest: { feedback: "feedback", loss: "counter" },
    published: [
      [0.031, 2.7, 17.6],
      [0.00058, 4.5, 15.4],
      [0.000004, 6.1, 14],
    ],
  },
];

export interface DemersOptions {
  readonly seed: number;
  /** Runs averaged for each k; default 200. */
  readonly runs?: number;
  /** Default 1,000, as in the paper. */
  readonly nodes?: number;
  /** The first so many k of the table; default: all. */
  readonly ks?: number;
}

export function measureDemers(table: DemersTable, options: DemersOptions): DemersRow[] {
  const runs = wholeInRange("runs", options.runs ?? 200, { min: 1, max: 1_000_000 });
  return table.published.slice(0, options.ks).map(([residue, traffic, lastRound], i) => {
    const sums = { residue: 0, traffic: 0, lastRound: 0 };
    for (let run = 0; run < runs; run++) {
      const seed = options.seed + 1_000 * run + i;
      const { mode, interest } = table;
      const found = spreadRumour({
        seed,
        nodes: options.nodes ?? 1_000,
        mode,
        ...interest,
        k: i + 1,
      });
      sums.residue += found.residue / runs;
      sums.traffic += found.traffic / runs;
      sums.lastRound += found.lastRound / runs;
    }
    return { k: i + 1, ...sums, published: { residue, traffic, lastRound } };
  });
}

export interface RoundsRow {
  readonly nodes: number;
  readonly mode: GossipMode;
  /** Mean cycles until everybody knows, with rumours that stay hot. */
  readonly rounds: number;
  /** log2 n + ln n for push (B. Pittel, 1987), log3 n + ln ln n for both (R. Karp et al., 2000). */
  readonly theory: number;
  /** Copies sent a node, until then. */
  readonly messages: number;
}

export interface RoundsOptions {
  readonly seed: number;
  /** Default 10, 30, 100 ... 10,000. */
  readonly sizes?: readonly number[];
  /** Runs averaged for each size; default 20. */
  readonly runs?: number;
}

/** How the time to reach everybody grows with the number of nodes. */
export function measureRounds(mode: "push" | "pushPull", options: RoundsOptions): RoundsRow[] {
  const sizes = options.sizes ?? [10, 30, 100, 300, 1_000, 3_000, 10_000];
  const runs = wholeInRange("runs", options.runs ?? 20, { min: 1, max: 1_000_000 });
  return sizes.map((nodes) => {
    let [rounds, messages] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const found = spreadRumour({ seed: options.seed + run, nodes, mode, loss: "never" });
      rounds += found.lastRound / runs;
      messages += found.traffic / runs;
    }
    const log = Math.log(nodes);
    const theory = mode === "push" ? Math.log2(nodes) + log : log / Math.log(3) + Math.log(log);
    return { nodes, mode, rounds, theory, messages };
  });
}
