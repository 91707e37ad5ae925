/**
 * M. Zaharia et al., "Resilient Distributed Datasets: A Fault-Tolerant Abstraction for In-Memory
 * Cluster Computing", NSDI 2012, sentence by sentence, on one node with messages made by hand.
 */
import { describe, expect, it } from "vitest";
import { DatasetCoordinator } from "dabbawala/batch";
import type { PlanStep } from "dabbawala/batch";
import { step } from "dabbawala/protocol";
import type { Effect } from "dabbawala/protocol";

const at = (id: number, partitions: number, parents: PlanStep["parents"], isCached = false) => {
  return { id, name: `step ${id}`, partitions, parents, isCached };
};
const narrow = (id: number, offset = 0) => ({ kind: "narrow", step: id, offset }) as const;
const wide = (id: number, shuffle: number) => ({ kind: "wide", step: id, shuffle }) as const;

interface Told {
  readonly attemptId: number;
  readonly task: { readonly kind: string; readonly of: number; readonly partition: number };
}

/** A coordinator that is spoken to; what it assigns is told as "n1: shuffle 1/0". */
function desk(steps: readonly PlanStep[], options: object = {}) {
  const coordinator = new DatasetCoordinator("n0", [], { leaseMs: 1_000, ...options });
  const open = new Map<string, number>();
  let nowMs = 0;
  const told = (event: object): string[] => {
    const senses = { nowMs, random: () => 0 };
    return (step(coordinator, event as never, senses) as Effect[]).flatMap((effect) => {
      if (effect.kind !== "send" || effect.message.type !== "assign") return [];
      const { attemptId, task } = effect.message as unknown as Told;
      const text = `${effect.to}: ${task.kind} ${task.of}/${task.partition}`;
      open.set(text, attemptId);
      return [text];
    });
  };
  const hear = (from: string, message: object): string[] => {
    return told({ kind: "message", from, message });
  };
  const answer = (text: string, more: object): string[] => {
    const attemptId = open.get(text);
    open.delete(text);
    const lists = { cached: [], dropped: [], additions: [] };
    const full = { attemptId, rows: 1, bytes: 1, ...lists, ...more };
    return hear(text.slice(0, 2), { type: "ended", answer: full });
  };
  return {
    beat: (from: string) => {
      const own = [...open].filter(([text]) => text.startsWith(from));
      const running = own.map(([, attemptId]) => ({ attemptId, fraction: 0 }));
      return hear(from, { type: "heartbeat", running, incarnation: 1 });
    },
    submit: (job: number, target: number, partitions: readonly number[]) =>
      hear("c1", { type: "submit", requestId: job, plan: { job, target, partitions, steps } }),
    did: (text: string, cached: readonly object[] = [], more: object = {}) =>
      answer(text, { type: "executed", cached, ...more }),
    failed: (text: string, more: object) =>
      answer(text, { type: "failed", reason: "broken", isFinal: false, ...more }),
    lost: (worker: string) => hear("host", { type: "workerLost", worker }),
    later: (ms: number) => {
      nowMs += ms;
      return told({ kind: "timer", timer: "check" });
    },
    sums: () => Object.fromEntries(coordinator["ledger"].sums),
  };
}

describe("paper: section 2.1, lineage", () => {
  it("an RDD has enough information about how it was derived to compute its partitions", () => {
    const { beat, submit } = desk([at(1, 2, []), at(2, 2, [narrow(1)])]);
    beat("n1");
    beat("n2");
    expect(submit(1, 2, [0, 1])).toEqual(["n1: result 1/0", "n2: result 1/1"]);
  });
});

describe("paper: section 4, dependencies", () => {
  it("narrow dependencies are pipelined on one node: no task of their own", () => {
    const union = at(3, 3, [narrow(1), narrow(2, 2)]);
    const { beat, submit } = desk([at(1, 2, []), at(2, 1, []), union]);
    beat("n1");
    expect(submit(1, 3, [2])).toEqual(["n1: result 1/2"]);
  });

  it("wide dependencies require data from all parent partitions to be available", () => {
    const { beat, submit, did } = desk([at(1, 2, []), at(2, 1, [wide(1, 1)])]);
    beat("n1");
    beat("n2");
    expect(submit(1, 2, [0])).toEqual(["n1: shuffle 1/0", "n2: shuffle 1/1"]);
    expect(did("n1: shuffle 1/0")).toEqual([]);
    expect(did("n2: shuffle 1/1")).toEqual(["n1: result 1/0"]);
  });

  it("only the lost parent partitions need to be recomputed", () => {
    const { beat, submit, did, lost } = desk([at(1, 3, []), at(2, 2, [wide(1, 1)])]);
    for (const worker of ["n1", "n2", "n3"]) beat(worker);
    submit(1, 2, [0, 1]);
    did("n1: shuffle 1/0");
    did("n2: shuffle 1/1");
    expect(did("n3: shuffle 1/2")).toEqual(["n1: result 1/0", "n2: result 1/1"]);
    // The third worker goes to work at nothing but what went with the second one.
    expect(lost("n2")).toEqual(["n3: shuffle 1/1"]);
    expect(did("n1: result 1/0")).toEqual([]);
    expect(did("n3: shuffle 1/1")).toEqual(["n1: result 1/1"]);
  });
});

describe("paper: section 5.1, job scheduling", () => {
  it("already computed partitions can short-circuit the computation of a parent RDD", () => {
    const { beat, submit, did } = desk([at(1, 1, []), at(2, 1, [wide(1, 1)], true)]);
    beat("n1");
    submit(1, 2, [0]);
    did("n1: shuffle 1/0");
    did("n1: result 1/0", [{ step: 2, partition: 0 }]);
    beat("n2");
    expect(submit(2, 2, [0])).toEqual(["n1: result 2/0"]);
  });

  it("if a task needs a partition that is in memory on a node, it is sent to that node", () => {
    const { beat, submit, did } = desk([at(1, 2, [], true)]);
    beat("n1");
    beat("n2");
    submit(1, 1, [0, 1]);
    did("n1: result 1/0", [{ step: 1, partition: 0 }]);
    did("n2: result 1/1", [{ step: 1, partition: 1 }]);
    expect(submit(2, 1, [1, 0])).toEqual(["n1: result 2/0", "n2: result 2/1"]);
  });

  it("waits for that node for a while (delay scheduling), then goes elsewhere", () => {
    const { beat, submit, did, later } = desk([at(1, 2, [], true)], { localityWaitMs: 700 });
    beat("n1");
    submit(1, 1, [0, 1]);
    did("n1: result 1/0", [{ step: 1, partition: 0 }]);
    did("n1: result 1/1", [{ step: 1, partition: 1 }]);
    beat("n2");
    expect(submit(2, 1, [0, 1])).toEqual(["n1: result 2/0"]);
    expect([...later(600), ...beat("n1")]).toEqual([]);
    expect(later(100)).toEqual(["n2: result 2/1"]);
  });

  it("if a task fails, it is re-run on another node as long as its stage's parents are there", () => {
    const { beat, submit, did, failed } = desk([at(1, 1, []), at(2, 1, [wide(1, 1)])]);
    beat("n1");
    submit(1, 2, [0]);
    did("n1: shuffle 1/0");
    expect(failed("n1: result 1/0", {})).toEqual(["n1: result 1/0"]);
  });

  it("if an output from the map side was lost, the missing partitions are computed again", () => {
    const { beat, submit, did, failed } = desk([at(1, 2, []), at(2, 1, [wide(1, 1)])]);
    beat("n1");
    submit(1, 2, [0]);
    did("n1: shuffle 1/0");
    did("n1: shuffle 1/1");
    const lostInputs = [{ kind: "output", shuffle: 1, partition: 1 }];
    expect(failed("n1: result 1/0", { lostInputs })).toEqual(["n1: shuffle 1/1"]);
    expect(did("n1: shuffle 1/1")).toEqual(["n1: result 1/0"]);
  });
});

describe("paper: section 5.2, memory management", () => {
  it("a partition that a worker evicts is computed again when it is needed, from its parents", () => {
    const { beat, submit, did } = desk([at(1, 1, []), at(2, 1, [wide(1, 1)], true), at(3, 1, [])]);
    beat("n1");
    submit(1, 2, [0]);
    did("n1: shuffle 1/0");
    did("n1: result 1/0", [{ step: 2, partition: 0 }]);
    submit(2, 3, [0]);
    did("n1: result 2/0", [], { dropped: [{ step: 2, partition: 0 }] });
    // The shuffle's output is still on the disk: the narrowest ancestor is the partition itself.
    expect(submit(3, 2, [0])).toEqual(["n1: result 3/0"]);
  });
});

describe("accumulators", () => {
  it("count a partition of a step once, though it is computed again", () => {
    const { beat, submit, did, lost, sums } = desk([at(1, 1, []), at(2, 1, [wide(1, 1)])]);
    const additions = [{ accumulator: 7, step: 1, partition: 0, sum: 5 }];
    beat("n1");
    beat("n2");
    submit(1, 2, [0]);
    did("n1: shuffle 1/0", [], { additions });
    expect(lost("n1")).toEqual(["n2: shuffle 1/0"]);
    did("n2: shuffle 1/0", [], { additions });
    expect(sums()).toEqual({ 7: 5 });
  });
});
