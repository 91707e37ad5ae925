import { always, checkTrace } from "dabbawala/checks";
import { Explorer } from "dabbawala/hosts";
import type { ExplorerOptions, ExplorerProperty } from "dabbawala/hosts";
import type { Event, Host, Message, Node, NodeId } from "dabbawala/protocol";
import { describe, expect, it } from "vitest";
import { Coordinator, Participant } from "./two-phase-commit";
import type { Timer, Vote } from "./two-phase-commit";

type VoteProperty = ExplorerProperty<Vote, Timer>;
type VoteOptions = ExplorerOptions<Vote, Timer>;

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i + 1}`);

/** The coordinator n0 commits when `quorum` participants are prepared; all of them is right. */
function twoPhaseCommit(
  count: number,
  options: VoteOptions = {},
  quorum = count,
): Explorer<Vote, Timer> {
  const explorer = new Explorer<Vote, Timer>({ network: "duplicating", ...options });
  explorer.add("n0", Coordinator, { peers: names(count), options: { quorum } });
  for (const id of names(count)) explorer.add(id, Participant, { peers: ["n0"] });
  return explorer;
}

const outcomes = (nodes: ReadonlyMap<NodeId, unknown>): (string | undefined)[] =>
  [...nodes.values()].map((node) => (node as Participant | undefined)?.state);

const consistent: VoteProperty = {
  kind: "always",
  name: "nobody commits what another aborts",
  says: ({ nodes }) =>
    !["committed", "aborted"].every((state) => outcomes(nodes).slice(1).includes(state)),
};

const allAre = (state: string, kind: "sometimes" | "eventually"): VoteProperty => ({
  kind,
  name: `${kind} all ${state}`,
  says: ({ nodes }) => outcomes(nodes).every((own) => own === state),
});

/**
 * TwoPhase.tla by hand: a participant is its state, whether it was counted, whether it has sent.
 * Returns how many states there are, or how many when participants are interchangeable.
 */
function countByHand(count: number, isSymmetric: boolean): number {
  const start = { tm: "init", rms: Array.from({ length: count }, () => "working--") };
  const seen = new Set<string>();
  const queue = [start];
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    const { tm, rms } = state;
    const key = tm + (isSymmetric ? [...rms].sort() : rms).join();
    if (seen.has(key)) continue;
    seen.add(key);
    if (tm === "init") queue.push({ tm: "aborted", rms });
    if (tm === "init" && rms.every((rm) => rm.includes("c"))) queue.push({ tm: "committed", rms });
    rms.forEach((rm, at) => {
      const tail = rm.slice(-2);
      const become = (next: string): number =>
        queue.push({ tm, rms: rms.map((old, i) => (i === at ? next : old)) });
      if (rm.startsWith("working")) become("prepared-s");
      if (rm.startsWith("working")) become(`aborted${tail}`);
      if (tm === "init" && tail === "-s") become(`${rm.slice(0, -2)}cs`);
      if (tm !== "init") become(tm + tail);
    });
  }
  return seen.size;
}

describe("two-phase commit", () => {
  // Stateright 0.31 and TLC publish 288 states for 3 participants and 8,832 for 5.
  it.each([
    [1, 12],
    [2, 56],
    [3, 288],
    [4, 1_568],
    [5, 8_832],
  ])("with %i participants has %i states", (count, expected) => {
    const result = twoPhaseCommit(count).explore([
      consistent,
      allAre("committed", "sometimes"),
      allAre("aborted", "sometimes"),
    ]);
    expect(result).toMatchObject({ kind: "complete", states: expected });
    expect(result.verdicts.map(({ kind }) => kind)).toEqual(["holds", "holds", "holds"]);
    expect(countByHand(count, false)).toBe(expected);
  });

  // Stateright's 665 for 5 sorts by one field only and so leaves some symmetric states apart.
  it.each([3, 5])("with %i interchangeable participants has one state a class", (count) => {
    const result = twoPhaseCommit(count, { symmetric: names(count) }).explore([consistent]);
    expect(result).toMatchObject({ kind: "complete", states: countByHand(count, true) });
    expect(result.verdicts[0].kind).toBe("holds");
  });

  it("is found inconsistent in the fewest steps when one vote too few commits", () => {
    const result = twoPhaseCommit(2, {}, 1).explore([consistent, allAre("aborted", "eventually")]);
    expect(result.kind).toBe("stopped");
    const [verdict] = result.verdicts;
    if (verdict.kind !== "violated" || verdict.trace === undefined) throw new Error(verdict.kind);
    // One prepares, the coordinator hears it and commits, it hears that; the other aborts.
    const steps = verdict.trace.slice(3);
    expect(steps).toHaveLength(5);
    expect(steps.filter(({ event }) => event.kind === "timer")).toHaveLength(3);
    for (const { event, cause } of steps) {
      if (event.kind !== "message" || cause === undefined) continue;
      const sent = verdict.trace[cause.step].effects[cause.effect];
      expect(sent).toMatchObject({ kind: "send", message: event.message });
    }
    const hears = always(
      "hears",
      () =>
        ({ event }) =>
          event.kind === "message" && event.message.type === "commit" ? "commit" : undefined,
    );
    expect(checkTrace(verdict.trace, [hears])[0].kind).toBe("violated");
  });
});

type Token = Message & { readonly type: "token" };

/** Sends its peers so many tokens and counts those it gets; saves the count. */
class Counter implements Node<Token, string> {
  count = 0;
  log: number[] = [];

  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[],
    readonly options: { sends?: number; alarms?: number } = {},
  ) {}

  handle(event: Event<Token, string>, host: Host<Token, string>): void {
    if (event.kind === "start") return this.start((event.saved["count"] as number) ?? 0, host);
    if (event.kind === "timer") return host.setTimer(event.timer, 1);
    this.log.push(event.message.requestId ?? 0);
    host.save("count", ++this.count);
  }

  private start(count: number, host: Host<Token, string>): void {
    this.count = count;
    for (let i = 0; i < (this.options.sends ?? 0); i++) {
      for (const peer of this.peers) host.send(peer, { type: "token", requestId: i + 1 });
    }
    for (let i = 0; i < (this.options.alarms ?? 0); i++) host.setTimer(`t${i}`, 1);
  }
}

/** n1 sends three numbered tokens to n2. */
function tokens(options: ExplorerOptions<Token, string>): Explorer<Token, string> {
  const explorer = new Explorer<Token, string>(options);
  explorer.add("n1", Counter, { options: { sends: 3 } });
  explorer.add("n2", Counter);
  return explorer;
}

const counted = (least: number, kind: "always" | "sometimes" | "eventually") => ({
  kind,
  name: `${kind} ${least}`,
  says: ({ nodes }: { nodes: ReadonlyMap<NodeId, unknown> }) =>
    ((nodes.get("n2") as Counter | undefined)?.count ?? 0) >= least,
});

describe("the network", () => {
  it("brings messages in any order, in theirs, or never", () => {
    // Orders of arrival so far: 1 + 3 + 6 + 6; or 1 + 1 + 1 + 1; or each also lost: each order of
    // the arrived, with any of the rest lost or not: 8 + 3 * 4 + 6 * 2 + 6.
    expect(tokens({}).explore().states).toBe(16);
    expect(tokens({ network: "ordered" }).explore().states).toBe(4);
    expect(tokens({ isLossy: true }).explore().states).toBe(38);
    // In order, k of them gone: any of their 2^k subsets arrived.
    expect(tokens({ network: "ordered", isLossy: true }).explore().states).toBe(15);
  });

  it("may bring the same again for ever where it duplicates, up to a depth", () => {
    const result = tokens({ network: "duplicating", maxDepth: 4 }).explore();
    expect(result.states).toBe(1 + 3 + 9 + 27 + 81);
    expect(result).toMatchObject({ kind: "bounded", depth: 4 });
    expect(result.cut.depth).toBe(81);
    expect(result.bounds).toContain("depth up to 4");
  });

  it("loses what must come in the end, and shows how", () => {
    const sure = tokens({}).explore([counted(3, "eventually")]);
    expect(sure.verdicts[0].kind).toBe("holds");
    const [verdict] = tokens({ isLossy: true }).explore([counted(3, "eventually")]).verdicts;
    if (verdict.kind !== "violated") throw new Error(verdict.kind);
    expect(verdict.trace?.filter(({ event }) => event.kind === "lost").length).toBeGreaterThan(0);
    expect(verdict.trace).toHaveLength(2 + 3);
  });
});

describe("bounds", () => {
  it("says that a state was never reached, or that it does not know", () => {
    const [never] = tokens({}).explore([counted(4, "sometimes")]).verdicts;
    expect(never).toMatchObject({ kind: "violated", why: "it never happened in 16 states" });
    const result = tokens({ maxStates: 5 }).explore([counted(4, "sometimes")]);
    expect(result).toMatchObject({ kind: "bounded", states: 5, cut: { hasMetMaxStates: true } });
    expect(result.verdicts[0].kind).toBe("undecided");
  });

  it("lets so many timers of a node ring, those that may, in every order", () => {
    const alarms = (options: ExplorerOptions<Token, string>) => {
      const explorer = new Explorer<Token, string>(options);
      for (const id of ["n1", "n2"]) explorer.add(id, Counter, { options: { alarms: 2 } });
      return explorer.explore();
    };
    // A timer is set again at once, so only the count of firings tells states apart.
    expect(alarms({})).toMatchObject({ kind: "complete", states: 1 });
    expect(alarms({ maxTimerFirings: 2 })).toMatchObject({ kind: "bounded", states: 9 });
    const symmetric = { maxTimerFirings: 2, symmetric: ["n1", "n2"] };
    expect(alarms(symmetric).states).toBe(6);
    expect(alarms({ maxTimerFirings: 2, mayRing: () => false }).states).toBe(1);
  });

  it("crashes a node so often, which keeps what it saved", () => {
    const explorer = tokens({ network: "ordered", maxCrashes: 1 });
    const forgets = {
      ...counted(0, "always"),
      says: ({ nodes }: { nodes: ReadonlyMap<NodeId, unknown> }) => {
        const node = nodes.get("n2") as Counter | undefined;
        return node === undefined || node.log.length >= node.count;
      },
    };
    const [verdict] = explorer.explore([forgets]).verdicts;
    if (verdict.kind !== "violated") throw new Error(verdict.kind);
    const events = verdict.trace?.slice(2).map(({ node, event }) => `${node} ${event.kind}`);
    expect(events).toEqual(["n2 message", "n2 crash", "n2 start"]);
    expect(verdict.trace?.[4].event).toMatchObject({ saved: { count: 1 } });
  });

  it("keeps out of states beyond a limit, and keeps a history", () => {
    const isWithin = ({ nodes }: { nodes: ReadonlyMap<NodeId, unknown> }): boolean =>
      (nodes.get("n2") as Counter).count <= 1;
    const heard = {
      initial: 0,
      next: (past: unknown, { event }: { event: { kind: string } }) =>
        (past as number) + (event.kind === "message" ? 1 : 0),
    };
    const one: ExplorerProperty<Token, string> = {
      kind: "sometimes",
      name: "heard one",
      says: ({ history }) => history === 1,
    };
    const result = tokens({ isWithin, history: heard }).explore([one]);
    expect(result).toMatchObject({ kind: "bounded", states: 4, cut: { outside: 6 } });
    expect(result.verdicts[0].kind).toBe("holds");
  });
});

describe("what is wrong", () => {
  it("is said in one sentence", () => {
    expect(() => new Explorer({ maxStates: 0 })).toThrow(/maxStates/);
    expect(() => new Explorer({ network: "lossy" as never })).toThrow(/network must be one of/);
    const explorer = tokens({ symmetric: ["n1", "n2"] });
    expect(() => explorer.explore()).toThrow("n1 and n2 differ, so are not symmetric");
    expect(() => tokens({ symmetric: ["n9"] }).explore()).toThrow('there is no node "n9"');
    expect(() => explorer.add("n1", Counter)).toThrow("two nodes of the name n1");
    const dangling = new Explorer<Token, string>();
    dangling.add("n1", Counter, { peers: ["n7"], options: { sends: 1 } });
    expect(() => dangling.explore()).toThrow('n1 sends "token" to n7, but there is no such node');
  });

  it("names the field that is not plain data", () => {
    class Odd extends Counter {
      clock = new Date(0);
    }
    const explorer = new Explorer<Token, string>();
    explorer.add("n1", Odd);
    expect(() => explorer.explore()).toThrow("n1.clock is a Date: fields must be plain data");
  });
});
