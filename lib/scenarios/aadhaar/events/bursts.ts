/**
 * Bursts: one number that is tried again and again, or one device that is refused again and again.
 * Of each, the refusals within a sliding window are held against what the window's share of all
 * refusals makes likely.
 *
 * Source: the scan statistic of J. Naus, "The distribution of the size of the maximum cluster of
 * points on a line" (JASA 60, 1965), with Bonferroni's bound in the place of its exact
 * distribution: a count of k where Poisson expects m is told if P(at least k) x windows tested is
 * at most `falseAlarms`.
 * Assumes: refusals of others come independently. Second tries do not, so `leastFailures` keeps
 * small counts out whatever their probability.
 * Cost: one sort of the refusals, then each is looked at twice.
 */
import { inRange, wholeInRange } from "../../../basics";
import { formatAadhaar, states } from "../../../generators";
import { rowsByKey } from "./event-log";
import type { EventLog } from "./event-log";
import { poissonTail } from "./robust";

export interface BurstOptions {
  /** Width of the sliding window, 1 s to a day; default 10 minutes. */
  readonly windowMs?: number;
  /** Expected false alarms in all, 0 to 1; default 0.01. */
  readonly falseAlarms?: number;
  /** Fewer refusals in a window are never told; default 8. */
  readonly leastFailures?: number;
}

export interface BurstAlert {
  readonly kind: "number" | "device";
  /** The Aadhaar number, or a device such as "MH-00017". */
  readonly key: string;
  readonly startMs: number;
  readonly endMs: number;
  /** The most refusals in one window, and how many were to be expected. */
  readonly failures: number;
  readonly expected: number;
  /** Logarithm (base 10) of the probability of so many by chance; very negative is very odd. */
  readonly log10Probability: number;
  /** Rows of the refusals in its windows, ascending. */
  readonly rows: readonly number[];
}

const dayMs = 86_400_000;

/** Alerts of both kinds, the most improbable first. */
export function findBursts(log: EventLog, options: BurstOptions = {}): BurstAlert[] {
  const { windowMs = 600_000, falseAlarms = 0.01, leastFailures = 8 } = options;
  wholeInRange("windowMs", windowMs, { min: 1_000, max: dayMs });
  inRange("falseAlarms", falseAlarms, { min: 0, max: 1 });
  const keyOf = {
    number: (row: number) => log.aadhaar[row],
    device: (row: number) =>
      log.device[row] === 0 ? -1 : log.state[row] * 2 ** 32 + log.device[row],
  };
  const rule = { windowMs, falseAlarms, leastFailures };
  return (["number", "device"] as const)
    .flatMap((kind) => scan(log, { kind, ...rule }, keyOf[kind]))
    .sort((a, b) => a.log10Probability - b.log10Probability);
}

interface Rule extends Required<BurstOptions> {
  readonly kind: BurstAlert["kind"];
}

function scan(log: EventLog, rule: Rule, keyOf: (row: number) => number): BurstAlert[] {
  const refused = (row: number): number => (log.error[row] === 0 ? -1 : keyOf(row));
  const { rows, keys } = rowsByKey(log.events, refused);
  const expectedAt = expectations(log, rows, { ...rule, keys: countKeys(log.events, keyOf) });
  const alerts: BurstAlert[] = [];
  for (let start = 0, end = 0; start < rows.length; start = end) {
    while (end < rows.length && keys[rows[end]] === keys[rows[start]]) end++;
    if (end - start < rule.leastFailures) continue;
    const test = { rule, expectedAt, tests: rows.length };
    alerts.push(...scanKey(log, rows.subarray(start, end), test));
  }
  return alerts;
}

interface Test {
  readonly rule: Rule;
  readonly expectedAt: (timeMs: number) => number;
  /** Windows looked at: one begins at each refusal. */
  readonly tests: number;
}

/** Windows of one key that are told; those that overlap make one alert. */
function scanKey(
  log: EventLog,
  rows: Uint32Array,
  { rule, expectedAt, tests }: Test,
): BurstAlert[] {
  const { timeMs } = log;
  const alerts: BurstAlert[] = [];
  let open: { from: number; to: number; failures: number; expected: number } | undefined;
  const close = (): void => {
    if (open !== undefined)
      alerts.push(asAlert(log, rows.subarray(open.from, open.to), rule, open));
    open = undefined;
  };
  for (let from = 0, to = 0; from < rows.length; from++) {
    const startMs = timeMs[rows[from]];
    while (to < rows.length && timeMs[rows[to]] < startMs + rule.windowMs) to++;
    const failures = to - from;
    if (failures < rule.leastFailures) continue;
    const expected = expectedAt(startMs);
    const logP = poissonTail(failures, expected);
    if (logP + Math.log(tests) > Math.log(rule.falseAlarms)) continue;
    if (open !== undefined && from >= open.to) close();
    if (open === undefined) open = { from, to, failures, expected };
    else if (failures > open.failures) open = { from: open.from, to, failures, expected };
    else open.to = Math.max(open.to, to);
  }
  close();
  return alerts;
}

function countKeys(events: number, keyOf: (row: number) => number): number {
  const keys = new Set<number>();
  for (let row = 0; row < events; row++) keys.add(keyOf(row));
  keys.delete(-1);
  return keys.size;
}

/**
 * Refusals to be expected of one key in the window that begins at a time: all that fall into it,
 * shared evenly among the keys that are in use. Windows are rounded to steps of their width, the
 * fuller one counts, and an empty one as if it held one refusal.
 */
function expectations(
  { timeMs }: EventLog,
  rows: Uint32Array,
  { windowMs, keys }: Rule & { readonly keys: number },
): (timeMs: number) => number {
  const steps = new Float64Array(Math.ceil(dayMs / windowMs) + 2);
  for (const row of rows) steps[Math.floor(timeMs[row] / windowMs)]++;
  return (time) => {
    const step = Math.floor(time / windowMs);
    return Math.max(1, steps[step], steps[step + 1]) / keys;
  };
}

function asAlert(
  log: EventLog,
  rows: Uint32Array,
  { kind }: Rule,
  { failures, expected }: { failures: number; expected: number },
): BurstAlert {
  const [first] = rows;
  const device = `${states[log.state[first]].code}-${String(log.device[first]).padStart(5, "0")}`;
  return {
    ...{ kind, failures, expected, rows: [...rows] },
    key: kind === "number" ? formatAadhaar(log.aadhaar[first]) : device,
    startMs: log.timeMs[first],
    endMs: log.timeMs[rows[rows.length - 1]],
    log10Probability: poissonTail(failures, expected) / Math.LN10,
  };
}
