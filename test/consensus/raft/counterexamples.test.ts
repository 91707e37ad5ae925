/**
 * The shortest way into each planted bug, written by hand: what goes wrong without the rule, and
 * that nothing does with it. Each story is a file; they are made to be read.
 */
import { join } from "path";
import { describe, expect, it } from "vitest";
import { Raft } from "dabbawala/consensus";
import type { RaftOptions } from "dabbawala/consensus";
import { Cluster } from "./cluster";
import type { ClusterSettings } from "./cluster";
import { raftWith } from "dabbawala/consensus";
import { HastyChanger } from "dabbawala/dist/consensus/raft/storm/planted-bugs";

/** Elections without ado: no pre-vote, and leaders that notice nothing. */
const plain = { hasPreVote: false, hasCheckQuorum: false } as const;
const quick = { electionTimeoutMinMs: 150, electionTimeoutMaxMs: 151 };
const slow = { electionTimeoutMinMs: 1_000, electionTimeoutMaxMs: 1_001 };

type Play = (settings: ClusterSettings) => Cluster;

function itBreaks(name: string, broken: typeof Raft, play: Play): void {
  it(name, async () => {
    const cluster = play({ server: broken });
    expect(cluster.violation).toBeDefined();
    const text = `${name}\n\n${cluster.story.join("\n")}\n`;
    const file = `without-the-rule-${name.replace(/\W+/g, "-")}.story.txt`;
    await expect(text).toMatchFileSnapshot(join(__dirname, "stories", file));
    expect(play({ server: raftWith({}) }).violation).toBe(undefined);
  });
}

/** A read as an operation of its own: an old value is a violation that no server can see. */
function readOld(cluster: Cluster, leader: string, old: string): Cluster {
  cluster.ask(leader, { type: "query", requestId: 900, query: { op: "get", key: "x" } });
  cluster.run(50);
  const answer = cluster.answers.find(({ requestId }) => requestId === 900);
  const value = answer?.kind === "ok" ? (answer.result as { value: string }).value : undefined;
  cluster.tell(`${leader} answers the read with ${JSON.stringify(value ?? null)}`);
  const detail = `${leader} still answers ${old}`;
  if (value === old) cluster.violation = { property: "staleRead", server: leader, detail };
  return cluster;
}

describe("what each rule is for", () => {
  const forgets = raftWith({ recallVote: ({ term }) => ({ term, votedFor: null }) });
  itBreaks("section 3.8 votes are remembered", forgets, (settings) => {
    const latency = { kind: "constant", ms: 5 } as const;
    const second = { electionTimeoutMinMs: 170, electionTimeoutMaxMs: 171 };
    const optionsOf = (id: string): Partial<RaftOptions> =>
      ({ n1: quick, n2: second, n3: slow })[id] ?? {};
    const network = { latency, links: [{ from: ["n1"], to: ["n2"], lossRate: 1 }] };
    const cluster = new Cluster(3, { ...settings, options: plain, optionsOf, network });
    cluster.until("n1 leads", () => cluster.server("n1").role === "leader");
    cluster.split(["n1"], ["n2", "n3"]);
    cluster.crash("n3");
    cluster.restart("n3");
    cluster.run(100);
    return cluster;
  });

  const counts = raftWith({ mayCommit: () => true });
  itBreaks("section 3.6.2 figure 3.7 old entries are not counted", counts, (settings) => {
    const optionsOf = (id: string): Partial<RaftOptions> =>
      id === "n1" || id === "n5" ? quick : slow;
    const options = { ...plain, hasPreVote: true, maxBatchEntries: 1 };
    const network = { latency: { kind: "constant", ms: 10 } } as const;
    const cluster = new Cluster(5, { ...settings, options, optionsOf, network });
    cluster.disconnect("n5");
    cluster.until("n1 leads", () => cluster.server("n1").role === "leader");
    cluster.run(200);
    cluster.connect("n5");
    cluster.run(200);
    cluster.split(["n1", "n2"], ["n3", "n4", "n5"]);
    cluster.start("n1", "an old entry");
    cluster.run(15);
    cluster.crash("n1");
    cluster.until("n5 leads", () => cluster.server("n5").role === "leader");
    cluster.split(["n1", "n2", "n3"], ["n4"], ["n5"]);
    cluster.restart("n1");
    const has = (id: string): boolean =>
      cluster.server(id).log.entries.some((e) => JSON.stringify(e).includes("an old entry"));
    cluster.until("n3 has the old entry too", () => has("n3"), 10_000);
    cluster.run(11);
    cluster.tell(`n1 has committed up to ${cluster.server("n1").commitIndex}`);
    cluster.split(["n1"], ["n2"], ["n3", "n4", "n5"]);
    cluster.crash("n1");
    const n5 = cluster.server("n5");
    cluster.until("n5 leads anew", () => n5.role === "leader" && n5.currentTerm > 3, 10_000);
    return cluster;
  });

  const blind = raftWith({ isUpToDate: () => true });
  itBreaks("section 3.6.1 voters compare logs", blind, (settings) => {
    const optionsOf = (id: string): Partial<RaftOptions> => (id === "n2" ? slow : quick);
    const cluster = new Cluster(3, { ...settings, options: plain, optionsOf, seed: 2 });
    cluster.split(["n1", "n2"], ["n3"]);
    cluster.one("committed without n3", 2);
    cluster.crash("n1");
    cluster.split(["n2", "n3"]);
    cluster.until("one of them leads", () => cluster.hasLeader(), 10_000);
    return cluster;
  });

  const trusting = raftWith({ isReadConfirmed: () => true });
  itBreaks("section 6.4 reads are confirmed", trusting, (settings) => {
    const options = { ...plain, hasPreVote: true };
    const cluster = new Cluster(3, { ...settings, options });
    cluster.one("old", 3);
    const first = cluster.leader();
    cluster.disconnect(first);
    cluster.one("new", 2);
    return readOld(cluster, first, "old");
  });

  it("section 6.4.1, a lease trusts the clock: when that jumps back, a read is old", async () => {
    const play = (jumpMs: number): Cluster => {
      const cluster = new Cluster(3, { server: Raft, options: { readMode: "lease" } });
      cluster.one("old", 3);
      const first = cluster.leader();
      cluster.disconnect(first);
      if (jumpMs !== 0) cluster.jump(first, jumpMs);
      cluster.one("new", 2);
      return readOld(cluster, first, "old");
    };
    const cluster = play(-2_000);
    expect(cluster.violation?.property).toBe("staleRead");
    const text = `a lease when the clock jumps back\n\n${cluster.story.join("\n")}\n`;
    const file = join(__dirname, "stories", "lease-under-clock-jump.story.txt");
    await expect(text).toMatchFileSnapshot(file);
    expect(play(0).violation).toBe(undefined);
  });

  const forgetful = raftWith({ snapshotContent: ({ machine }) => ({ machine, sessions: [] }) });
  itBreaks("section 6.3 snapshots hold the sessions", forgetful, (settings) => {
    const options = { ...plain, snapshotEvery: 5, trailingEntries: 0 };
    const cluster = new Cluster(3, { ...settings, options });
    const leader = cluster.leader();
    const [behind] = cluster.othersThan(leader);
    cluster.disconnect(behind);
    cluster.ask(leader, { type: "openSession", requestId: 1 });
    cluster.run(100);
    const [opened] = cluster.answers;
    const id = opened.kind === "ok" ? (opened.result as { session: number }).session : 0;
    const write = (sequence: number): void => {
      const session = { id, sequence, firstOutstanding: sequence };
      const command = { op: "put", key: "x", value: `write ${sequence}` };
      cluster.ask(leader, { type: "command", requestId: 1 + sequence, command, session });
      cluster.run(100);
    };
    for (let i = 1; i <= 5; i++) write(i);
    cluster.connect(behind);
    cluster.run(300);
    write(6);
    const values = [leader, behind].map((server) => `${server} has ${cluster.valueOf(server)}`);
    cluster.tell(values.join(", "));
    if (cluster.valueOf(leader) !== cluster.valueOf(behind)) {
      cluster.violation = { property: "sameState", server: behind, detail: values.join(", ") };
    }
    return cluster;
  });

  const hasty = raftWith({ mayChangeMembership: () => true });
  itBreaks("section 4.1 one change of membership at a time", hasty, (settings) => {
    const options = { ...plain, voters: ["n1", "n2", "n3"] };
    const second = { electionTimeoutMinMs: 500, electionTimeoutMaxMs: 501 };
    const optionsOf = (id: string): Partial<RaftOptions> => ({ n1: quick, n2: second })[id] ?? slow;
    const cluster = new Cluster(5, { ...settings, options, optionsOf });
    const change = (voters: string[], learners: string[] = []): void => {
      cluster.ask("n1", { type: "changeMembership", requestId: 700, voters, learners });
    };
    cluster.one("before", 3);
    change(["n1", "n2", "n3"], ["n4", "n5"]);
    cluster.run(300);
    cluster.split(["n1", "n4", "n5"], ["n2", "n3"]);
    change(["n1", "n4", "n5"]);
    change(["n1", "n4"]);
    cluster.run(2_000);
    return cluster;
  });

  itBreaks("section 4.1 the bug of 2015 in changes of one server", HastyChanger, (settings) => {
    const options = { ...plain, voters: ["n1", "n2", "n3", "n4"] };
    const second = { electionTimeoutMinMs: 500, electionTimeoutMaxMs: 501 };
    const optionsOf = (id: string): Partial<RaftOptions> => ({ n1: quick, n2: second })[id] ?? slow;
    const cluster = new Cluster(5, { ...settings, options, optionsOf });
    const change = (leader: string, voters: string[]): void => {
      cluster.ask(leader, { type: "changeMembership", requestId: 700, voters });
    };
    cluster.one("before", 4);
    cluster.split(["n1", "n5"], ["n2", "n3", "n4"]);
    change("n1", ["n1", "n2", "n3", "n4", "n5"]);
    cluster.until("n2 leads", () => cluster.server("n2").role === "leader");
    cluster.split(["n1", "n5"], ["n2", "n3"], ["n4"]);
    change("n2", ["n2", "n3", "n4"]);
    cluster.run(200);
    cluster.tell(`n2 has committed up to ${cluster.server("n2").commitIndex}`);
    cluster.split(["n1", "n4", "n5"], ["n2", "n3"]);
    cluster.run(800);
    return cluster;
  });
});
