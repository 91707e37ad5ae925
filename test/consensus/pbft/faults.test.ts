/** Crashes, pauses, partitions, lost messages, no liars: nothing is lost, all is found again. */
import { describe, expect, it } from "vitest";
import { checkLinearizable, describeVerdict, keyValue } from "dabbawala/checks";
import { Pbft, PbftClient } from "dabbawala/consensus";
import type { PbftMessage, PbftTimer } from "dabbawala/consensus";
import { Simulator, at, heal, randomFaults, restart } from "dabbawala/hosts";
import type { HistoryEvent } from "dabbawala/protocol";

interface Outcome {
  readonly history: readonly HistoryEvent[];
  /** Digests that were executed, by sequence number. */
  readonly executed: ReadonlyMap<number, ReadonlySet<string>>;
  readonly nodes: readonly Pbft[];
}

const clients = 4;
const perClient = 20;

function played(seed: number, n: number, authentication: "signatures" | "macs"): Outcome {
  const history: HistoryEvent[] = [];
  const executed = new Map<number, Set<string>>();
  const simulator = new Simulator<PbftMessage, PbftTimer>({
    seed,
    network: { lossRate: 0.02, duplicateRate: 0.02 },
    onNote: ({ node, label, detail, atMs }) => {
      const { sequence, digest } = detail as { sequence: number; digest: string };
      if (node.startsWith("c")) {
        const call = detail as { f: string; key: string };
        history.push({ process: node, type: label as "ok", ...call, time: atMs });
      } else if (label === "executed") {
        executed.set(sequence, (executed.get(sequence) ?? new Set()).add(digest));
      }
    },
  });
  const names = Array.from({ length: n }, (_, i) => `n${i + 1}`);
  const small = {
    checkpointEvery: 5,
    watermarkWindow: 10,
    maxBatchRequests: 3,
    statePageLength: 64,
  };
  const fast = { requestTimeoutMs: 300, statusMs: 50, heartbeatMs: 500 };
  for (const id of names) {
    simulator.add(id, Pbft, { options: { ...small, ...fast, authentication } });
  }
  for (let c = 1; c <= clients; c++) {
    const operations = Array.from({ length: perClient }, (_, i) => {
      const key = `k${i % 3}`;
      return i % 4 === 3
        ? { query: { op: "get", key } }
        : { command: { op: "put", key, value: `${c}.${i}` } };
    });
    const options = { authentication, operations, retryMs: 150, thinkMs: 20 };
    simulator.add(`c${c}`, PbftClient, { peers: names, options });
  }
  const often = { everyMs: 800, minMs: 5, maxMs: 600 };
  const kinds = { crash: often, pause: often, partition: often };
  const faults = randomFaults({ seed, names, untilMs: 4_000, ...kinds });
  simulator.schedule(...faults, at(4_001, restart(names)), at(4_001, heal()));
  simulator.run({ untilMs: 30_000 });
  return { history, executed, nodes: names.map((id) => simulator.nodeOf(id) as Pbft) };
}

describe.each([
  [4, "signatures"],
  [4, "macs"],
  [7, "macs"],
] as const)("%i replicas with %s", (n, authentication) => {
  it.each([1, 2, 3, 4, 5, 6])("seed %i", (seed) => {
    const { history, executed, nodes } = played(seed, n, authentication);
    expect([...executed.values()].filter(({ size }) => size > 1)).toEqual([]);
    expect(history.filter(({ type }) => type === "ok")).toHaveLength(clients * perClient);
    const verdict = checkLinearizable(history, keyValue());
    expect(verdict.kind, describeVerdict(verdict)).toBe("linearizable");
    for (const node of nodes) {
      expect(node.evidence).toEqual([]);
      expect(node.lastExecuted).toBe(nodes[0].lastExecuted);
      expect(node.machineState).toEqual(nodes[0].machineState);
    }
  });
});
