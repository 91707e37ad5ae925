/** Yin et al. 2019, sentence by sentence: one replica, events made by hand. */
import { HotStuffClient } from "dabbawala/consensus";
import type { HotStuffMessage } from "dabbawala/consensus";
import {
  genesis,
  genesisCertificate,
  isCommand,
  nameOf,
  newViewText,
  proposalText,
} from "dabbawala/dist/consensus/hotstuff/block";
import { isSignedBy, signAs } from "dabbawala/dist/consensus/signatures/index";
import { step } from "dabbawala/protocol";
import type { Evidence } from "dabbawala/dist/consensus/hotstuff/state";
import { describe, expect, test } from "vitest";
import { OneReplica, certify, chainOf, childOf, keySeed, propose, put } from "./one-replica";
import { replicas, voteOf } from "./one-replica";

const flawOf = (replica: OneReplica): unknown =>
  (replica.noted("refused")[0] as { flaw: string } | undefined)?.flaw;

describe("section 4.1: clients", () => {
  const request = { type: "request", ...put(1) } as const;

  test("the leader proposes what a client asks for, to all", () => {
    const leader = new OneReplica("n1").hear("c1", request);
    expect(leader.sent("proposal").map(({ to }) => to)).toEqual(["n2", "n3", "n4"]);
    expect(leader.sent("proposal")[0]?.message.block.commands).toEqual([put(1)]);
  });

  test("a replica waits for the leader, and a command that nobody has signed is refused", () => {
    const replica = new OneReplica().hear("c1", request);
    expect(replica.sent("proposal")).toEqual([]);
    expect(replica.effects).toContainEqual({ kind: "setTimer", timer: "view", afterMs: 200 });
    const forged = { ...request, command: { op: "put", key: "k", value: "a crore" } };
    expect(flawOf(new OneReplica().hear("c1", forged))).toBe("a forged command");
  });

  test("a command that its text does not tell, and what is no message, is refused", () => {
    const infinite = { ...put(1, null), command: { op: "put", key: "k", value: Infinity } };
    const deep = { ...put(1), command: JSON.parse("[".repeat(1e5) + "]".repeat(1e5)) as unknown };
    for (const command of [infinite, deep]) {
      const block = { ...chainOf([1])[0]!, commands: [command] };
      expect(isCommand(infinite, keySeed)).toBe(true);
      const replica = new OneReplica().hear("c1", { type: "request", ...command });
      expect(replica.node.pending.size).toBe(0);
      const proposal = { type: "proposal", block, signature: "" } as const;
      expect(flawOf(replica.hear("n1", proposal))).toBe("not well formed");
    }
    for (const message of [null, 7, "vote", [], {}]) {
      expect(flawOf(new OneReplica().hear("n1", message as never))).toBe("not well formed");
    }
  });

  test("a client hears no replica that submits, and no answer that is no JSON", () => {
    const command = { op: "put", key: "k", value: 1 };
    const client = new HotStuffClient("c1", replicas, { operations: [{ command }] });
    const hear = (from: string, message: unknown) => {
      const event = { kind: "message", from, message: message as HotStuffMessage } as const;
      return step(client, event, { nowMs: 0, random: () => 0.5 });
    };
    step(client, { kind: "start", saved: {} }, { nowMs: 0, random: () => 0.5 });
    const submit = { type: "submit", operation: { command } };
    const deep = JSON.parse("[".repeat(1e5) + "]".repeat(1e5)) as unknown;
    const replies = [deep, Infinity].map((result) => ({ type: "reply", requestId: 1, result }));
    for (const message of [submit, ...replies, null]) expect(hear("n1", message)).toEqual([]);
    const right = { type: "reply", requestId: 1, result: { kind: "ok", value: null } };
    expect([...hear("n1", right), ...hear("n2", right)]).toContainEqual(
      expect.objectContaining({ kind: "note", label: "ok" }),
    );
    expect(hear("outside", submit).length).toBeGreaterThan(0);
  });

  test("every replica answers what it has executed, and repeats it when asked again", () => {
    const replica = new OneReplica();
    const [first, second, third] = chainOf([1, 2, 3]);
    for (const block of [first, second, third]) replica.hear("n1", propose(block!));
    replica.hear("n1", { type: "decide", certificate: certify(third!) });
    const reply = { type: "reply", requestId: 1, result: { kind: "ok", value: null } };
    expect(replica.sent("reply")).toEqual([{ to: "c1", message: reply }]);
    expect(replica.hear("c1", request).sent("reply")).toEqual([{ to: "c1", message: reply }]);
    expect(replica.node.pending.size).toBe(0);
  });
});

describe("section 4.2: certificates", () => {
  const [first] = chainOf([1]);
  const second = (voters: readonly string[]) =>
    propose(childOf(first!, { view: 2, justify: certify(first!, voters) }));
  const voter = () => new OneReplica().hear("n1", propose(first!));

  test("n - f signatures over view and block make one", () => {
    expect(
      voter()
        .hear("n1", second(["n1", "n2", "n3"]))
        .sent("vote"),
    ).toHaveLength(1);
  });

  test("2f do not, nor do signatures of strangers or of other texts", () => {
    expect(flawOf(voter().hear("n1", second(["n1", "n2"])))).toBe("no right certificate");
    expect(flawOf(voter().hear("n1", second(["n1", "n2", "n9"])))).toBe("no right certificate");
    const { signatures } = certify(first!);
    const forged = { ...signatures, n3: signatures["n2"] as string };
    const justify = { ...certify(first!), signatures: forged };
    const proposal = propose(childOf(first!, { view: 2, justify }));
    expect(flawOf(voter().hear("n1", proposal))).toBe("no right certificate");
  });

  test("the leader makes one of n - f votes, and no replica counts twice", () => {
    const leader = new OneReplica("n1").hear("c1", { type: "request", ...put(1) });
    const { block } = leader.sent("proposal")[0]!.message;
    leader.hear("n2", voteOf("n2", block)).hear("n2", voteOf("n2", block));
    expect(leader.sent("proposal")).toEqual([]);
    expect(flawOf(leader.hear("n3", voteOf("n4", block)))).toBe("a forged vote");
    const next = leader.hear("n3", voteOf("n3", block)).sent("proposal")[0]?.message.block;
    expect(next?.view).toBe(2);
    expect(Object.keys(next?.justify.signatures ?? {}).sort()).toEqual(["n1", "n2", "n3"]);
  });
});

describe("section 4.3, algorithm 1: safeNode", () => {
  /** It is locked on the block of view 1, and has voted up to view 3. */
  function locked(): { replica: OneReplica; chain: ReturnType<typeof chainOf> } {
    const replica = new OneReplica();
    const chain = chainOf([1, 2, 3]);
    for (const block of chain) replica.hear("n1", propose(block));
    expect(replica.node.lockedQC.view).toBe(1);
    return { replica, chain };
  }
  const asked = ["n2", "n3", "n4"];

  test("a block that does not extend the lock, on a certificate no newer, gets no vote", () => {
    const { replica } = locked();
    const fork = childOf(genesis, { view: 11, commands: [put(9)] });
    expect(replica.hear("n2", propose(fork, "n2", asked)).sent("vote")).toEqual([]);
    expect(replica.noted("noVote")).toEqual([11]);
  });

  test("safety: a block that extends the lock gets one, however old its certificate", () => {
    const { replica, chain } = locked();
    const block = childOf(chain[0]!, { view: 11 });
    expect(replica.hear("n2", propose(block, "n2", asked)).node.lastVotedView).toBe(11);
  });

  test("liveness: a certificate newer than the lock frees from it", () => {
    const { replica } = locked();
    const other = childOf(genesis, { view: 11, commands: [put(8)] });
    const block = childOf(other, { view: 12 });
    replica.hear("n2", propose(block, "n2"));
    const missing = replica.sent("fetch")[0];
    expect(missing?.message).toEqual({ type: "fetch", block: nameOf(other), aboveHeight: 0 });
    replica.hear("n3", { type: "blocks", blocks: [other] });
    expect(replica.node.lastVotedView).toBe(12);
  });

  test("one vote a view, and none for an earlier one", () => {
    const replica = new OneReplica();
    const [first] = chainOf([1]);
    expect(replica.hear("n1", propose(first!)).sent("vote")).toHaveLength(1);
    const other = childOf(genesis, { view: 1, commands: [put(2)] });
    expect(replica.hear("n1", propose(other)).sent("vote")).toEqual([]);
    expect(replica.node.evidence).toHaveLength(1);
    const [{ claims, ...accused }] = replica.node.evidence as [Evidence];
    expect(accused).toEqual({ replica: "n1", view: 1 });
    for (const { block, signature } of claims) {
      const text = proposalText(1, block);
      expect(isSignedBy({ signer: "n1", text, signature }, keySeed)).toBe(true);
    }
  });
});

describe("section 5: the three-chain", () => {
  function after(views: readonly number[]): OneReplica {
    const replica = new OneReplica();
    const chain = chainOf(views);
    for (const block of chain) {
      const isNext = block.justify.view === block.view - 1;
      const leader = block.view > 10 ? "n2" : "n1";
      replica.hear(leader, propose(block, leader, isNext ? undefined : replicas));
    }
    return replica.hear("n1", { type: "decide", certificate: certify(chain[chain.length - 1]!) });
  }
  const heights = (replica: OneReplica): number => replica.node.decided.length - 1;

  test("one certificate prepares, two lock, three decide", () => {
    const one = after([1]);
    expect([one.node.highQC.view, one.node.lockedQC.view, heights(one)]).toEqual([1, 0, 0]);
    const two = after([1, 2]);
    expect([two.node.highQC.view, two.node.lockedQC.view, heights(two)]).toEqual([2, 1, 0]);
    const three = after([1, 2, 3]);
    expect([three.node.highQC.view, three.node.lockedQC.view, heights(three)]).toEqual([3, 2, 1]);
  });

  test("the views must follow each other: a gap of views decides nothing yet", () => {
    expect(heights(after([1, 2, 11]))).toBe(0);
    expect(heights(after([1, 11, 12]))).toBe(0);
    expect(heights(after([1, 2, 11, 12]))).toBe(0);
  });

  test("a later three-chain decides all before it, in their order", () => {
    expect(heights(after([1, 11, 12, 13]))).toBe(2);
    expect(heights(after([1, 2, 11, 12, 13, 14]))).toBe(4);
  });
});

describe("section 4.4: the pacemaker", () => {
  const request = { type: "request", ...put(1) } as const;
  const asks = (id: string, view: number, highQC = genesisCertificate) => {
    const signature = signAs(id, newViewText(view), keySeed);
    return { type: "newView", view, highQC, signature, commands: [put(5)] } as const;
  };
  const audience = (replica: OneReplica) => replica.sent("newView").map(({ to }) => to);

  test("a timeout sends the highest certificate to the next leader alone, and doubles", () => {
    const replica = new OneReplica("n3").hear("c1", request).ring("view");
    const message = { view: 11, highQC: { view: 0 }, commands: [put(1)] };
    expect(replica.sent("newView")).toMatchObject([{ to: "n2", message }]);
    expect(replica.node.view).toBe(1);
    expect(replica.effects).toContainEqual({ kind: "setTimer", timer: "view", afterMs: 400 });
    expect(audience(new OneReplica("n2").hear("c1", request).ring("view"))).toEqual([]);
  });

  test("a view that does not begin is asked for again, of all, and no later one", () => {
    const replica = new OneReplica("n3").hear("c1", request).ring("view");
    for (let times = 0; times < 3; times++) {
      expect(audience(replica.ring("view"))).toEqual(["n1", "n2", "n4"]);
      expect(replica.sent("newView")[0]?.message.view).toBe(11);
      expect(replica.effects).toContainEqual({ kind: "setTimer", timer: "view", afterMs: 400 });
    }
  });

  test("it begins when n - f ask for it; when it fails too, all are asked for the next", () => {
    const replica = new OneReplica("n3").hear("c1", request).ring("view");
    replica.hear("n1", asks("n1", 11));
    expect(replica.node.view).toBe(1);
    replica.hear("n4", asks("n4", 11));
    expect(replica.node.view).toBe(11);
    expect(replica.effects).toContainEqual({ kind: "setTimer", timer: "view", afterMs: 400 });
    expect(audience(replica.ring("view"))).toEqual(["n1", "n2", "n4"]);
    expect(replica.sent("newView")[0]?.message.view).toBe(21);
    expect(replica.effects).toContainEqual({ kind: "setTimer", timer: "view", afterMs: 800 });
  });

  test("who hears f + 1 ask for later views asks too, for one that a correct one asks for", () => {
    const replica = new OneReplica("n4").hear("n1", asks("n1", 911));
    expect([audience(replica), replica.noted("joined")]).toEqual([[], []]);
    replica.hear("n1", asks("n1", 1_911)).hear("n3", asks("n3", 21));
    expect(replica.noted("joined")).toEqual([{ view: 21 }]);
    expect(replica.sent("newView").map(({ to, message }) => [to, message.view])).toEqual([
      ...[["n1", 21] as const, ["n2", 21] as const, ["n3", 21] as const],
    ]);
    expect(replica.node.view).toBe(21); // with itself they are n - f
    expect(replica.hear("n2", asks("n2", 21)).noted("joined")).toEqual([]);
  });

  test("whoever asks for view after view fills nobody's memory, and moves nobody", () => {
    const replica = new OneReplica("n4");
    for (let view = 11; view < 5_000; view += 100) replica.hear("n1", asks("n1", view));
    replica.hear("n1", asks("n1", 11)); // an earlier one comes late
    expect([...replica.node.asks].map(([id, { view }]) => [id, view])).toEqual([["n1", 4_911]]);
    expect(replica.node.view).toBe(1);
  });

  test("a certificate of the view that was timed out moves nobody back", () => {
    const replica = new OneReplica("n3");
    const [first, second] = chainOf([1, 2]);
    replica.hear("n1", propose(first!));
    for (const id of ["n1", "n2"]) replica.hear(id, asks(id, 11));
    expect(replica.node.view).toBe(11);
    replica.hear("n1", propose(second!));
    expect([replica.node.highQC.view, replica.node.view]).toEqual([1, 11]);
  });

  test("the new leader begins when n - f have asked, on the highest certificate", () => {
    const leader = new OneReplica();
    const [first] = chainOf([1]);
    leader.hear("n1", propose(first!));
    expect(leader.hear("n1", asks("n1", 11, certify(first!))).sent("proposal")).toEqual([]);
    // The second makes f + 1, whom it joins.
    const [proposal] = leader.hear("n3", asks("n3", 11)).sent("proposal");
    const { block, timeouts } = proposal!.message;
    expect([block.view, block.justify.view]).toEqual([11, 1]);
    expect(Object.keys(timeouts ?? {}).sort()).toEqual(["n1", "n2", "n3"]);
  });

  test("who asks for a later view has not signed for this one", () => {
    const leader = new OneReplica().hear("c1", request).ring("view");
    leader.hear("n1", asks("n1", 11)).hear("n4", asks("n4", 21));
    expect(leader.node.view).toBe(11);
    expect(leader.sent("proposal")).toEqual([]);
    const [proposal] = leader.hear("n3", asks("n3", 11)).sent("proposal");
    expect(Object.keys(proposal!.message.timeouts ?? {}).sort()).toEqual(["n1", "n2", "n3"]);
  });

  test("nobody begins a view on its own word", () => {
    const fork = childOf(genesis, { view: 11 });
    expect(flawOf(new OneReplica("n3").hear("n2", propose(fork, "n2")))).toBe("no right to begin");
    const two = propose(fork, "n2", ["n1", "n2"]);
    expect(flawOf(new OneReplica("n3").hear("n2", two))).toBe("no right to begin");
    const three = propose(fork, "n2", ["n1", "n2", "n4"]);
    expect(new OneReplica("n3").hear("n2", three).node.lastVotedView).toBe(11);
  });
});

describe("what was said outlives a crash", () => {
  test("a leader that finds its lock but no certificate above it waits for one", () => {
    const replica = new OneReplica();
    for (const block of chainOf([1, 2, 3])) replica.hear("n1", propose(block));
    for (const key of [...replica.saved.keys()]) {
      if (key === "high" || key.startsWith("block/")) replica.saved.delete(key);
    }
    const again = replica.restarted().hear("c1", { type: "request", ...put(9) });
    expect([again.node.highQC.view, again.node.lockedQC.view]).toEqual([0, 1]);
    for (const id of ["n1", "n3"]) {
      const signature = signAs(id, newViewText(11), keySeed);
      const highQC = genesisCertificate;
      again.hear(id, { type: "newView", view: 11, highQC, signature, commands: [] });
    }
    expect([again.node.view, again.sent("proposal")]).toEqual([11, []]);
  });

  test("votes, locks, the tree and what was decided", () => {
    const replica = new OneReplica();
    const chain = chainOf([1, 2, 3, 4, 5]);
    for (const block of chain) replica.hear("n1", propose(block));
    const again = replica.restarted();
    const { lastVotedView, lockedQC, highQC, decided, machineState, blocks } = replica.node;
    expect(again.node).toMatchObject({ lastVotedView, lockedQC, highQC, decided, machineState });
    expect(again.node.blocks).toEqual(blocks);
    expect(again.effects.filter(({ kind }) => kind === "send")).toEqual([]);
    expect(again.hear("n1", propose(chain[4]!)).sent("vote")).toEqual([]);
  });
});
