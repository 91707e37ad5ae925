/** Steps that read a shuffle: what belongs together is there together. */
import type { Key, Pair } from "../pair";
import type { WideOperator } from "../steps";
import type { Part } from "./part";
import { readGroups } from "./group-columns";
import { guarded } from "./guarded";
import { KeyTable, hashKey, rowKey } from "./key-table";
import { inputBytes, readInput } from "./shuffle-input";
import { inOrder } from "./sort-order";

type AnyPair = Pair<Key, unknown>;
type Rows = readonly unknown[];

export async function runWide(operator: WideOperator, part: Part): Promise<void> {
  switch (operator.kind) {
    case "reduceByKey":
      return reduceByKey(operator, part);
    case "groupByKey":
      return groupByKey(part);
    case "distinct":
      return distinct(part);
    case "repartition":
      return repartition(part);
    case "sortBy":
      return sortBy(operator, part);
    case "groupByColumns":
      return readGroups(operator.job, part);
    default:
      return cogroup(operator.kind, part);
  }
}

/** Rows that are made of a table are handed on so many at a time. */
const batchRows = 4_096;
/** Rows in memory take about so many times their encoded bytes. */
const heldShare = 6;

/**
 * Calls `run` with a test of keys: once for all of them, or, when the rows that come through the
 * shuffle would not fit into memory, several times, each time for other keys.
 */
async function inPasses(
  part: Part,
  inputs: number,
  run: (isOwn: (key: AnyPair["key"]) => boolean) => Promise<boolean>,
): Promise<void> {
  let bytes = 0;
  for (let i = 0; i < inputs; i++) bytes += inputBytes(part, i);
  const passes = Math.max(1, Math.ceil((bytes * heldShare) / part.evaluation.workshop.memoryBytes));
  const { partitions } = part.step;
  for (let pass = 0; pass < passes; pass++) {
    const isOwn = (key: AnyPair["key"]): boolean =>
      passes === 1 || Math.floor(hashKey(key) / partitions) % passes === pass;
    if (!(await run(isOwn))) return;
  }
}

/** Made rows in batches; false: no more are wanted. */
function pushMade(part: Part, count: number, make: (index: number) => unknown): boolean {
  for (let from = 0; from < count; from += batchRows) {
    const length = Math.min(batchRows, count - from);
    if (!part.push(Array.from({ length }, (_, i) => make(from + i)))) return false;
  }
  return true;
}

function reduceByKey(
  { call: shipped }: WideOperator & { kind: "reduceByKey" },
  part: Part,
): Promise<void> {
  const call = part.evaluation.workshop.callOf.get(shipped, part.step.id);
  return inPasses(part, 1, async (isOwn) => {
    const keys = new KeyTable();
    const values: unknown[] = [];
    await readInput(part, 0, (rows) => {
      guarded(part, () => {
        for (const { key, value } of rows as readonly AnyPair[]) {
          if (!isOwn(key)) continue;
          const index = keys.numberOf(key);
          if (index === values.length) values.push(value);
          else values[index] = call(values[index], value);
        }
      });
    });
    return pushMade(part, values.length, (i) => ({ key: keys.keys[i], value: values[i] }));
  });
}

function groupByKey(part: Part): Promise<void> {
  return inPasses(part, 1, async (isOwn) => {
    const keys = new KeyTable();
    const lists: unknown[][] = [];
    await gather(part, { index: 0, isOwn, keys, lists });
    return pushMade(part, lists.length, (i) => ({ key: keys.keys[i], value: lists[i] }));
  });
}

/** The values of each key, in the order of the parent's partitions. */
function gather(
  part: Part,
  into: {
    index: number;
    isOwn: (key: AnyPair["key"]) => boolean;
    keys: KeyTable;
    lists: unknown[][];
  },
): Promise<void> {
  const { index, isOwn, keys, lists } = into;
  return readInput(part, index, (rows) => {
    guarded(part, () => {
      for (const { key, value } of rows as readonly AnyPair[]) {
        if (isOwn(key)) (lists[keys.numberOf(key)] ??= []).push(value);
      }
    });
  });
}

type Together = "cogroup" | "join" | "leftJoin";

function cogroup(kind: Together, part: Part): Promise<void> {
  return inPasses(part, 2, async (isOwn) => {
    const keys = new KeyTable();
    const [left, right]: [unknown[][], unknown[][]] = [[], []];
    await gather(part, { index: 0, isOwn, keys, lists: left });
    await gather(part, { index: 1, isOwn, keys, lists: right });
    const { length } = keys.keys;
    const sides = (i: number): [Rows, Rows] => [left[i] ?? [], right[i] ?? []];
    if (kind === "cogroup") {
      return pushMade(part, length, (i) => ({ key: keys.keys[i], value: sides(i) }));
    }
    for (let i = 0; i < length; i++) {
      if (!pushJoined(part, { kind, key: keys.keys[i], sides: sides(i) })) return false;
    }
    return true;
  });
}

function pushJoined(
  part: Part,
  { kind, key, sides }: { kind: Together; key: unknown; sides: readonly [Rows, Rows] },
): boolean {
  const [left, right] = sides;
  const partners = right.length === 0 && kind === "leftJoin" ? [null] : right;
  for (const one of left) {
    const joined = partners.map((other) => ({ key, value: [one, other] }));
    if (joined.length > 0 && !part.push(joined)) return false;
  }
  return true;
}

function distinct(part: Part): Promise<void> {
  return inPasses(part, 1, async (isOwn) => {
    const keys = new KeyTable();
    const kept: unknown[] = [];
    await readInput(part, 0, (rows) => {
      for (const row of rows) {
        const key = rowKey(row);
        if (isOwn(key) && keys.numberOf(key) === kept.length) kept.push(row);
      }
    });
    return pushMade(part, kept.length, (i) => kept[i]);
  });
}

async function repartition(part: Part): Promise<void> {
  let isWanted = true;
  await readInput(part, 0, (rows) => {
    if (isWanted) isWanted = part.push(rows);
  });
}

/** A whole range is sorted in memory: more partitions make smaller ones. */
async function sortBy(operator: WideOperator & { kind: "sortBy" }, part: Part): Promise<void> {
  const call = part.evaluation.workshop.callOf.get(operator.call, part.step.id);
  const rows: unknown[] = [];
  await readInput(part, 0, (batch) => {
    for (const row of batch) rows.push(row);
  });
  part.push(guarded(part, () => inOrder(rows, call as (row: unknown) => string, operator)));
}
