/** What nobody sends who means well; clusters that are not 3f + 1; new primaries that fail. */
import { describe, expect, it } from "vitest";
import { Pbft, PbftClient, checkEvidence, publicKeysOf } from "dabbawala/consensus";
import type { PbftMessage, PbftTimer } from "dabbawala/consensus";
import { batchDigest } from "dabbawala/dist/consensus/pbft/encoding";
import type { NewView, PbftReply, PbftRequest } from "dabbawala/dist/consensus/pbft/messages";
import type { PbftHost } from "dabbawala/dist/consensus/pbft/state";
import { Simulator, at, crash } from "dabbawala/hosts";
import { aroundHost, step } from "dabbawala/protocol";
import type { Event } from "dabbawala/protocol";
import { OneReplica, batchAt, checkpoint, dropped, prePrepare, prepare } from "./one-replica";
import { put, replicas, request, say, sent, viewChange } from "./one-replica";

const largest = Number.MAX_SAFE_INTEGER;

function deep(): unknown {
  return JSON.parse("[".repeat(200_000) + "]".repeat(200_000)) as unknown;
}

describe("a value that its text does not tell", () => {
  const asked = request(1, { operation: put("asha", null) });
  /** Signed by the client as null; over JSON it comes as 1e400. */
  const other: PbftRequest = { ...asked, operation: put("asha", JSON.parse("1e400")) };

  it("has the digest and the signature of another one", () => {
    expect(batchDigest([other])).toBe(batchDigest([asked]));
  });

  it("is refused in a request, a proposal and a batch, so that no two replicas differ", () => {
    const node = new OneReplica("n2");
    node.hear(other, { ...prePrepare({ requests: [asked] }), requests: [other] });
    expect(node.pbft.pending.size + node.pbft.slots.size).toBe(0);
    const digest = batchDigest([asked]);
    node.hear({ ...prePrepare({ requests: [asked] }), requests: null });
    node.hear({ type: "batch", sequence: 1, digest, requests: [other] });
    expect(dropped(node, "shape")).toBe(3);
    node.hear({ type: "batch", sequence: 1, digest, requests: [asked] });
    expect(node.pbft.slots.get(1)?.batches.get(digest)).toEqual([asked]);
  });

  it("is refused where it is nested so deep that it has no text", () => {
    const node = new OneReplica("n2");
    const requests = [{ ...asked, operation: { command: deep() } }];
    const digest = batchDigest(batchAt(1));
    node.hear({ ...prePrepare(), requests }, { ...prePrepare(), requests: null });
    node.hear({ type: "batch", sequence: 1, digest, requests });
    expect(dropped(node, "shape")).toBe(2);
  });

  it("is no answer and no evidence", () => {
    const client = new PbftClient("c1", replicas, { operations: [put("asha", 1)] });
    const senses = { nowMs: 0, random: () => 0.5 };
    step(client, { kind: "start", saved: {} }, senses);
    const place = { view: 0, timestamp: 1, client: "c1", replica: "n1", isReadOnly: false };
    const reply: PbftReply = { type: "reply", ...place, result: deep(), proof: "" };
    expect(step(client, { kind: "message", from: "n1", message: reply }, senses)).toEqual([]);
    const keys = publicKeysOf("dabbawala", replicas);
    for (const evidence of [null, undefined, { accused: "n1", first: reply, second: reply }]) {
      expect(checkEvidence(evidence as never, keys).kind).toBe("rejected");
    }
  });

  it("is no operation for a client", () => {
    const operations = [put("asha", 1), put("asha", Infinity)];
    expect(() => new PbftClient("c1", replicas, { operations })).toThrow(RangeError);
    expect(() => new PbftClient("c1", replicas, { operations })).toThrow(
      /operation 2 must be JSON/,
    );
  });
});

it("a replica cannot make a client ask for something", () => {
  const senses = { nowMs: 0, random: () => 0.5 };
  const message = { type: "submit", operation: put("asha", "given away") } as const;
  const heardOf = (from: string): unknown[] => {
    const client = new PbftClient("c1", replicas);
    return step(client, { kind: "message", from, message }, senses);
  };
  expect(heardOf("n1")).toEqual([]);
  expect(heardOf("c2")).toEqual([]);
  expect(heardOf("outside").length).toBeGreaterThan(0);
});

describe("numbers as large as they go", () => {
  it("of sequence, view and checkpoint change nothing", () => {
    const node = new OneReplica("n2");
    node.hear(prePrepare({ sequence: largest, requests: batchAt(1) }));
    node.hear(prepare("n3", { view: largest, requests: batchAt(1) }));
    node.hear(checkpoint("n3", largest, "B".repeat(43)), viewChange("n3", largest));
    expect(node.pbft).toMatchObject({ view: 0, isActive: true, lastExecuted: 0 });
    expect(node.pbft.slots.size).toBe(0);
    node.commit(1);
    expect(node.pbft.lastExecuted).toBe(1);
  });

  it("of view do not lead f + 1 replicas there: the smallest counts", () => {
    const node = new OneReplica("n2");
    node.hear(viewChange("n3", largest), viewChange("n4", 2));
    expect(node.pbft).toMatchObject({ view: 2, isActive: false });
  });
});

it("view changes and new views that are repeated when the view has begun change nothing", () => {
  const node = new OneReplica("n3");
  const changes = ["n1", "n2", "n4"].map((id) => viewChange(id, 1));
  const body = { type: "newView", view: 1, viewChanges: changes, prePrepares: [] } as const;
  const begun = say<NewView>({ ...body, replica: "n2" });
  node.hear(...changes, begun);
  expect(node.pbft).toMatchObject({ view: 1, isActive: true });
  expect(node.hear(...changes, begun, ...changes)).toEqual([]);
  expect(node.pbft.viewChanges.size).toBe(0);
});

describe("a replica that knows of a stable checkpoint whose state it has not", () => {
  const options = { checkpointEvery: 2, watermarkWindow: 4, authentication: "macs" } as const;
  const checkpointProof = ["n1", "n2", "n4"].map((id) => checkpoint(id, 2, "B".repeat(43)));
  const known = { stableSequence: 2, checkpointProof };
  const places = [3, 4, 5, 6].map((sequence) => ({ sequence, view: 0, digest: "D".repeat(43) }));
  const claims = places.map((place) => ({ kind: "claim", ...place }) as const);

  it("asks for the next view from that checkpoint on, as others can check", () => {
    const node = new OneReplica("n3", options);
    const rest = { ...known, prepared: claims, prePrepared: places };
    const viewChanges = ["n1", "n2", "n4"].map((id) => viewChange(id, 1, rest));
    const prePrepares = places.map(({ sequence, digest }) => {
      const place = { view: 1, sequence, digest, requests: null, replica: "n2", proof: {} };
      return { type: "prePrepare", ...place } as const;
    });
    const body = { type: "newView", view: 1, viewChanges, prePrepares } as const;
    node.hear(say<NewView>({ ...body, replica: "n2" }));
    expect([...node.pbft.slots.keys()]).toEqual([3, 4, 5, 6]);
    const effects = node.hear(viewChange("n1", 3, known), viewChange("n2", 3, known));
    const [{ message }] = sent(effects, "viewChange");
    expect(message).toMatchObject({ view: 3, stableSequence: 2 });
    const other = new OneReplica("n4", options);
    other.hear(message);
    expect(dropped(other, "certificate")).toBe(0);
    expect(other.pbft.viewChanges.has("n3")).toBe(true);
  });
});

it("a crash between the saves of a new view leaves what it begins with in Q", () => {
  const node = new OneReplica("n3", { authentication: "macs" });
  const place = { sequence: 1, view: 0, digest: batchDigest(batchAt(1)) };
  const rest = { prepared: [{ kind: "claim", ...place } as const], prePrepared: [place] };
  const viewChanges = ["n1", "n2", "n4"].map((id) => viewChange(id, 1, rest));
  const renewed = { ...place, view: 1, requests: null, replica: "n2", proof: {} };
  const prePrepares = [{ type: "prePrepare", ...renewed } as const];
  node.hear(say<NewView>({ type: "newView", view: 1, viewChanges, prePrepares, replica: "n2" }));
  expect(node.saved.delete("prePrepare/1")).toBe(true);
  const again = node.restarted();
  expect(again.saved.has("prePrepare/1")).toBe(true);
  const [{ message }] = sent(again.hear(viewChange("n1", 2), viewChange("n4", 2)), "newView");
  const own = message.viewChanges.find(({ replica }) => replica === "n3");
  expect(own?.prePrepared).toEqual([{ ...place, view: 1 }]);
});

it("a state that was saved before a crash is taken up when its checkpoint becomes stable", () => {
  const options = { checkpointEvery: 2, watermarkWindow: 4 };
  const node = new OneReplica("n2", options);
  const [{ message }] = sent([...node.commit(1), ...node.commit(2)], "checkpoint");
  const again = node.restarted();
  expect(again.pbft.lastExecuted).toBe(0);
  again.hear(...["n1", "n3", "n4"].map((id) => checkpoint(id, 2, message.digest)));
  expect(again.pbft).toMatchObject({ lastExecuted: 2, stable: { sequence: 2 } });
  expect(again.pbft.machineState).toEqual(node.pbft.machineState);
  again.commit(3);
  expect(again.pbft.lastExecuted).toBe(3);
});

/** Simulated replicas of which the first have crashed, and one client with five puts. */
function cluster(n: number, crashed: number, classes: Readonly<Record<string, typeof Pbft>> = {}) {
  let answered = 0;
  const onNote = ({ label }: { label: string }): void => void (label === "ok" && answered++);
  const simulator = new Simulator<PbftMessage, PbftTimer>({ seed: 1, onNote });
  const names = Array.from({ length: n }, (_, i) => `n${i + 1}`);
  for (const id of names) {
    simulator.add(id, classes[id] ?? Pbft, { options: { requestTimeoutMs: 200, statusMs: 50 } });
  }
  const operations = Array.from({ length: 5 }, (_, i) => put("asha", i));
  simulator.add("c1", PbftClient, { peers: names, options: { operations, retryMs: 100 } });
  simulator.schedule(at(0, crash(names.slice(0, crashed))));
  simulator.run({ untilMs: 5_000 });
  const nodes = names.flatMap((id) => (simulator.nodeOf(id) as Pbft | undefined) ?? []);
  return { answered, nodes };
}

describe("n that is not 3f + 1", () => {
  it.each([1, 2, 3, 4, 5, 6, 7])("%i replicas serve while f = floor((n - 1) / 3) are down", (n) => {
    const { answered, nodes } = cluster(n, Math.floor((n - 1) / 3));
    expect(answered).toBe(5);
    for (const node of nodes) expect(node.machineState).toEqual(nodes[0]?.machineState);
  });

  it.each([2, 3, 4, 5, 6, 7])("%i replicas stand still while a quorum is not up", (n) => {
    const quorum = [0, 1, 2, 2, 3, 4, 4, 5][n] as number;
    const { answered, nodes } = cluster(n, n - quorum + 1);
    expect([answered, nodes.length]).toEqual([0, quorum - 1]);
    for (const node of nodes) expect(node.lastExecuted).toBe(0);
  });
});

/** As a primary of a view after the first says no NEW-VIEW, or one that proves nothing. */
function failing(change: (message: NewView) => NewView | undefined): typeof Pbft {
  return class extends Pbft {
    override handle(event: Event<PbftMessage, PbftTimer>, host: PbftHost): void {
      const send = (to: string, message: PbftMessage): void => {
        const said = message.type === "newView" ? change(message) : message;
        if (said !== undefined) host.send(to, said);
      };
      super.handle(event, aroundHost(host, { send }));
    }
  };
}

describe("a new primary", () => {
  it.each([
    ["never sends NEW-VIEW", failing(() => undefined)],
    ["sends one without the view changes", failing((m) => ({ ...m, viewChanges: [] }))],
  ])("that %s is replaced by the next one, and not by a later one", (_, broken) => {
    const { answered, nodes } = cluster(7, 1, { n2: broken });
    expect(answered).toBe(5);
    const views = nodes.filter(({ id }) => id !== "n2").map(({ view }) => view);
    expect(views).toEqual([2, 2, 2, 2, 2]);
  });
});
