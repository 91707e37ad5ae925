/** The tables of Demers et al. 1987, section 1.4, measured again. */
import { onlyKnown, wholeInRange } from "../../../basics";
import type { InterestOptions } from "../interest";
import type { GossipMode } from "../rumour-monger";
import { spreadRumour } from "./rumour-rounds";

export interface DemersFigures {
  /** Share of sites that never hear. */
  readonly residue: number;
  /** Copies sent, a site. */
  readonly traffic: number;
  /** The cycle in which the last site heard that did. */
  readonly lastRound: number;
}

/** What was measured, beside what the paper has. */
export interface DemersRow extends DemersFigures {
  readonly k: number;
  readonly published: DemersFigures;
}

export interface DemersTable {
  readonly name: string;
  readonly mode: GossipMode;
  readonly interest: Omit<InterestOptions, "k">;
  /** Columns of the paper's table: the first value is for k = 1, the next for k = 2... */
  readonly published: Readonly<Record<keyof DemersFigures, readonly number[]>>;
}

/** Of 1,000 sites. */
export const demersTables: readonly DemersTable[] = [
  {
    name: "table 1: push, feedback, counter",
    mode: "push",
    interest: { feedback: "feedback", loss: "counter" },
    published: {
      residue: [0.18, 0.037, 0.011, 0.0036, 0.0012],
      traffic: [1.7, 3.3, 4.5, 5.6, 6.7],
      lastRound: [16.8, 16.9, 17.4, 17.5, 17.7],
    },
  },
  {
    name: "table 2: push, blind, coin",
    mode: "push",
    interest: { feedback: "blind", loss: "coin" },
    published: {
      residue: [0.96, 0.2, 0.06, 0.021, 0.008],
      traffic: [0.04, 1.6, 2.8, 3.9, 4.9],
      lastRound: [38, 33, 32, 32, 32],
    },
  },
  {
    name: "table 3: pull, feedback, counter",
    mode: "pull",
    interest: { feedback: "feedback", loss: "counter" },
    published: {
      residue: [0.031, 0.00058, 0.000004],
      traffic: [2.7, 4.5, 6.1],
      lastRound: [17.6, 15.4, 14],
    },
  },
];

export interface DemersOptions {
  readonly seed: number;
  /** Runs averaged for each k; default 200. */
  readonly runs?: number;
  /** Default 1,000, as in the paper. */
  readonly nodes?: number;
  /** The rows to measure; default: every k of the table. */
  readonly ks?: readonly number[];
}

/**
 * Throws a RangeError for a k that the table does not have. A rare run dies at its very start, and
 * leaves nearly all: where the residue is small, that needs thousands of runs to average out.
 */
export function measureDemers(table: DemersTable, options: DemersOptions): DemersRow[] {
  onlyKnown("measureDemers", options, ["seed", "runs", "nodes", "ks"]);
  const runs = wholeInRange("runs", options.runs ?? 200, { min: 1, max: 1_000_000 });
  const all = table.published.residue.map((_, i) => i + 1);
  return (options.ks ?? all).map((k) => {
    wholeInRange("k", k, { min: 1, max: all.length });
    const found = Array.from({ length: runs }, (_, run) =>
      spreadRumour({
        seed: options.seed + 1_000 * run + k - 1,
        ...{ nodes: options.nodes ?? 1_000, mode: table.mode, ...table.interest, k },
      }),
    );
    const published = figuresOf((name) => table.published[name][k - 1] as number);
    return { k, ...figuresOf((name) => meanOf(found.map((run) => run[name]))), published };
  });
}

function figuresOf(value: (name: keyof DemersFigures) => number): DemersFigures {
  return {
    residue: value("residue"),
    traffic: value("traffic"),
    lastRound: value("lastRound"),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
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
  onlyKnown("measureRounds", options, ["seed", "sizes", "runs"]);
  const sizes = options.sizes ?? [10, 30, 100, 300, 1_000, 3_000, 10_000];
  const runs = wholeInRange("runs", options.runs ?? 20, { min: 1, max: 1_000_000 });
  return sizes.map((nodes) => {
    const found = Array.from({ length: runs }, (_, run) =>
      spreadRumour({ seed: options.seed + run, nodes, mode, loss: "never" }),
    );
    const rounds = meanOf(found.map(({ lastRound }) => lastRound));
    const messages = meanOf(found.map(({ traffic }) => traffic));
    const log = Math.log(nodes);
    const theory = mode === "push" ? Math.log2(nodes) + log : log / Math.log(3) + Math.log(log);
    return { nodes, mode, rounds, theory, messages };
  });
}
