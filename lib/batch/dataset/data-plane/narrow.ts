/** Steps that need one partition of each parent: a batch of rows at a time. */
import { Random } from "../../../basics";
import type { Pair } from "../pair";
import type { NarrowOperator } from "../steps";
import type { Part, Push } from "./part";
import { guarded } from "./guarded";

type Row = unknown;
type Call = (row: Row) => unknown;
type AnyPair = Pair<string, unknown>;

/** A batch through a function. */
const batches: Readonly<Record<string, (rows: readonly Row[], call: Call) => readonly Row[]>> = {
  map(rows, call) {
    const out = new Array<unknown>(rows.length);
    for (let i = 0; i < rows.length; i++) out[i] = call(rows[i]);
    return out;
  },
  filter(rows, call) {
    const out: unknown[] = [];
    for (const row of rows) if (call(row)) out.push(row);
    return out;
  },
  flatMap(rows, call) {
    const out: unknown[] = [];
    for (const row of rows) for (const made of call(row) as Iterable<unknown>) out.push(made);
    return out;
  },
  keyBy(rows, call) {
    const out = new Array<unknown>(rows.length);
    for (let i = 0; i < rows.length; i++) out[i] = { key: call(rows[i]), value: rows[i] };
    return out;
  },
  mapValues(rows, call) {
    const out = new Array<unknown>(rows.length);
    for (let i = 0; i < rows.length; i++) {
      const { key, value } = rows[i] as AnyPair;
      out[i] = { key, value: call(value) };
    }
    return out;
  },
};

export async function runNarrow(operator: NarrowOperator, part: Part): Promise<void> {
  const { push } = part;
  if (operator.kind === "union") return runUnion(part);
  if (operator.kind === "sample") return fromParent(part, sampler(operator, part));
  const call = part.evaluation.workshop.callOf.get(operator.call, part.step.id);
  if (operator.kind === "mapPartitions") return runWhole(part, call);
  const run = batches[operator.kind] as (typeof batches)[string];
  return fromParent(part, (rows) => {
    const out = guarded(part, () => run(rows, call));
    return out.length === 0 || push(out);
  });
}

function fromParent(part: Part, push: Push): Promise<void> {
  const { step, partition, evaluation } = part;
  return evaluation.produceParent(step, { index: 0, partition, push });
}

/** All rows of the partition at once. */
async function runWhole(
  part: Part,
  call: (rows: readonly Row[], partition: number) => unknown,
): Promise<void> {
  let rows: readonly Row[] | undefined;
  let own: Row[] | undefined;
  await fromParent(part, (batch) => {
    if (rows === undefined) rows = batch;
    else {
      own ??= [...rows];
      for (const row of batch) own.push(row);
      rows = own;
    }
    return true;
  });
  const made = guarded(part, () => [...(call(rows ?? [], part.partition) as Iterable<unknown>)]);
  part.push(made);
}

async function runUnion({ step, partition, push, evaluation }: Part): Promise<void> {
  for (let index = 0; index < step.parents.length; index++) {
    await evaluation.produceParent(step, { index, partition, push });
  }
}

/** Each row by a draw of its own, from the seed and the partition alone. */
function sampler({ share, seed }: { share: number; seed: number }, part: Part): Push {
  const random = new Random(seed, part.partition);
  return (rows) => {
    const kept = rows.filter(() => random.next() < share);
    return kept.length === 0 || part.push(kept);
  };
}
