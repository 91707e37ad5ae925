/** Whole runs as text: each story is a file, made to be read, and its end is asserted here. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Pbft, PbftClient, checkEvidence, publicKeysOf } from "dabbawala/consensus";
import type { PbftMessage, PbftOperation, PbftOptions, PbftTimer } from "dabbawala/consensus";
import { batchDigest } from "dabbawala/dist/consensus/pbft/encoding";
import type { PrePrepare } from "dabbawala/dist/consensus/pbft/messages";
import { prove } from "dabbawala/dist/consensus/pbft/state";
import type { PbftHost } from "dabbawala/dist/consensus/pbft/state";
import { Simulator, at, crash, heal, partition, restart } from "dabbawala/hosts";
import type { Fault } from "dabbawala/hosts";
import { aroundHost } from "dabbawala/protocol";
import type { Event } from "dabbawala/protocol";
import { put, replicas } from "./one-replica";

interface Play {
  readonly name: string;
  readonly operations: readonly (readonly PbftOperation[])[];
  readonly faults?: readonly { readonly atMs: number; readonly fault: Fault }[];
  readonly first?: typeof Pbft;
  readonly untilMs?: number;
  readonly thinkMs?: number;
  readonly options?: Partial<PbftOptions>;
}

const options = { checkpointEvery: 5, watermarkWindow: 10, requestTimeoutMs: 200, statusMs: 50 };

/** Plays it, keeps its story in a file, and gives the replicas at its end. */
async function play(given: Play): Promise<{ nodes: Pbft[]; answered: number; views: number[] }> {
  const story: string[] = [];
  let answered = 0;
  const simulator = new Simulator<PbftMessage, PbftTimer>({
    seed: 1,
    onNote: ({ atMs, node, label, detail }) => {
      if (label === "ok") answered++;
      const text = JSON.stringify(detail).replace(/"([\w-]{6})[\w-]{37}"/g, "$1");
      story.push(`${atMs.toFixed(1).padStart(7)} ms  ${node}  ${label} ${text}`);
    },
  });
  for (const id of replicas) {
    const own = { ...options, ...given.options };
    simulator.add(id, id === "n1" ? (given.first ?? Pbft) : Pbft, { options: own });
  }
  given.operations.forEach((operations, i) => {
    const own = { operations, retryMs: 80, thinkMs: given.thinkMs ?? 0 };
    simulator.add(`c${i + 1}`, PbftClient, { peers: replicas, options: own });
  });
  simulator.schedule(...(given.faults ?? []).map(({ atMs, fault }) => at(atMs, fault)));
  simulator.run({ untilMs: given.untilMs ?? 3_000 });
  const file = join(__dirname, "stories", `${given.name.replace(/\W+/g, "-")}.story.txt`);
  await expect(`${given.name}\n\n${story.join("\n")}\n`).toMatchFileSnapshot(file);
  const nodes = replicas.flatMap((id) => (simulator.nodeOf(id) as Pbft | undefined) ?? []);
  return { nodes, answered, views: nodes.map(({ view }) => view) };
}

/** Puts to one key each: who sees them in another order has another state. */
function puts(count: number, key = "asha"): PbftOperation[] {
  return Array.from({ length: count }, (_, i) => put(key, i));
}

/** A primary that gives two backups the requests in one order and the third in another. */
class TwoFaced extends Pbft {
  override handle(event: Event<PbftMessage, PbftTimer>, host: PbftHost): void {
    const send = (to: string, message: PbftMessage): void => {
      if (message.type !== "prePrepare" || to !== "n4" || message.requests === null) {
        return host.send(to, message);
      }
      const requests = [...message.requests].reverse();
      host.send(
        to,
        prove<PrePrepare>(this, { ...message, requests, digest: batchDigest(requests) }),
      );
    };
    super.handle(event, aroundHost(host, { send }));
  }
}

/** A primary that orders nothing. */
class Idle extends Pbft {
  override handle(event: Event<PbftMessage, PbftTimer>, host: PbftHost): void {
    const isPrePrepare = ({ type }: PbftMessage): boolean => type === "prePrepare";
    const send = (to: string, message: PbftMessage): void => {
      if (!isPrePrepare(message)) host.send(to, message);
    };
    super.handle(event, aroundHost(host, { send }));
  }
}

function expectAgreement(nodes: readonly Pbft[]): void {
  for (const node of nodes) {
    expect(node.lastExecuted).toBe(nodes[0].lastExecuted);
    expect(node.machineState).toEqual(nodes[0].machineState);
  }
}

describe("stories", () => {
  it("a request among four replicas", async () => {
    const { nodes, answered } = await play({ name: "a request", operations: [puts(1)] });
    expect(answered).toBe(1);
    expectAgreement(nodes);
  });

  it("a primary that orders nothing is replaced, by the next one", async () => {
    const name = "a silent primary";
    const { nodes, answered, views } = await play({ name, operations: [puts(2)], first: Idle });
    expect(answered).toBe(2);
    // The target itself, not progress alone: a view that heals a broken one would hide a bug.
    expect(views.slice(1)).toEqual([1, 1, 1]);
    expectAgreement(nodes.slice(1));
  });

  it("a primary that is cut off after it has been useful is replaced, and comes back", async () => {
    const { nodes, answered, views } = await play({
      name: "a primary cut off",
      operations: [puts(12)],
      thinkMs: 10,
      options: { heartbeatMs: 500 },
      faults: [
        { atMs: 40, fault: partition(["n1"], ["n2", "n3", "n4", "c1"]) },
        { atMs: 1_000, fault: heal() },
      ],
    });
    expect(answered).toBe(12);
    expect(views).toEqual([1, 1, 1, 1]);
    expectAgreement(nodes);
  });

  it("a primary that says two things cannot make correct replicas differ", async () => {
    const { nodes, answered } = await play({
      name: "a two-faced primary",
      operations: [puts(2), puts(2), puts(2)],
      options: { maxInFlight: 1, checkpointEvery: 100, watermarkWindow: 200 },
      first: TwoFaced,
    });
    expect(answered).toBe(6);
    const correct = nodes.slice(1);
    const executed = Math.min(...correct.map(({ lastExecuted }) => lastExecuted));
    expect(executed).toBeGreaterThan(0);
    expectAgreement(correct);
    const evidence = correct.flatMap((node) => node.evidence);
    expect(new Set(evidence.map(({ accused }) => accused))).toEqual(new Set(["n1"]));
    const keys = publicKeysOf("dabbawala", replicas);
    expect(evidence.map((piece) => checkEvidence(piece, keys).kind)).not.toContain("rejected");
  });

  it("a replica that was down for two checkpoints fetches the state", async () => {
    const { nodes, answered } = await play({
      name: "a transfer of state",
      operations: [puts(22)],
      thinkMs: 5,
      faults: [
        { atMs: 20, fault: crash(["n4"]) },
        { atMs: 1_000, fault: restart(["n4"]) },
      ],
    });
    expect(answered).toBe(22);
    expectAgreement(nodes);
    expect(nodes[3].stable.sequence).toBe(20);
  });
});
