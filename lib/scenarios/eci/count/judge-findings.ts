/** How good the findings are, against the faults that were planted. */
import type { VotesTruth } from "../../../generators/votes";
import type { Finding } from "./findings";

export interface FindingScore {
  readonly planted: number;
  readonly found: number;
  /** Planted and found. */
  readonly right: number;
  /** right / found; 1 where nothing was found. */
  readonly precision: number;
  /** right / planted; 1 where nothing was planted. */
  readonly recall: number;
  /** What was planted and not found, and what was found and not planted: kind and place. */
  readonly missed: readonly string[];
  readonly invented: readonly string[];
}

/** A lying centre is one fault, however many machines it has; each copy of an upload is one. */
export function judgeFindings(
  findings: readonly Finding[],
  truth: readonly VotesTruth[],
): FindingScore {
  const found = countsOf(findings.map(keyOfFinding));
  const planted = plantedOf(truth);
  const missed = beyond(planted, found);
  const invented = beyond(found, planted);
  const [plantedCount, foundCount] = [sizeOf(planted), sizeOf(found)];
  const right = plantedCount - missed.length;
  return {
    ...{ planted: plantedCount, found: foundCount, right },
    precision: foundCount === 0 ? 1 : right / foundCount,
    recall: plantedCount === 0 ? 1 : right / plantedCount,
    ...{ missed, invented },
  };
}

function keyOfFinding({ kind, constituency, centre, station, upload }: Finding): string {
  if (kind === "lying-centre") return `${kind} ${centre}`;
  if (kind === "duplicate-upload") return `${kind} ${upload}`;
  return `${kind} ${constituency} ${station}`;
}

function plantedOf(truth: readonly VotesTruth[]): Map<string, number> {
  const planted = countsOf(truth.map(keyOfTruth));
  for (const key of planted.keys()) if (key.startsWith("lying-centre")) planted.set(key, 1);
  return planted;
}

function keyOfTruth({ fault, constituency, centre, station, upload }: VotesTruth): string {
  if (fault === "lying-centre") return `${fault} ${centre}`;
  if (fault === "duplicated-upload") return `duplicate-upload ${upload}`;
  return `${fault} ${constituency} ${station}`;
}

function countsOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** What `left` has more of than `right`, once each time. */
function beyond(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): string[] {
  return [...left].flatMap(([key, count]) =>
    new Array<string>(Math.max(0, count - (right.get(key) ?? 0))).fill(key),
  );
}

function sizeOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
