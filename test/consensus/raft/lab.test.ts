/**
 * The scenarios of MIT 6.5840's Raft lab, by their names. Where a run is short its story is a file
 * beside this one; where it is long only its end is checked. Invariants are checked throughout.
 */
import { join } from "path";
import { describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import { Cluster } from "./cluster";

function storyOf(name: string, cluster: Cluster): Promise<void> {
  const text = `${name}\n\n${cluster.story.join("\n")}\n`;
  return expect(text).toMatchFileSnapshot(join(__dirname, "stories", `${name}.story.txt`));
}

describe("3A, leader election", () => {
  it("InitialElection", async () => {
    const cluster = new Cluster(3);
    const leader = cluster.leader();
    const term = cluster.server(leader).currentTerm;
    cluster.run(2_000);
    expect(cluster.leader()).toBe(leader);
    expect(cluster.servers.map((id) => cluster.server(id).currentTerm)).toEqual([term, term, term]);
    await storyOf("initial-election", cluster);
  });

  it("ReElection", async () => {
    const cluster = new Cluster(3);
    const first = cluster.leader();
    cluster.disconnect(first);
    const second = cluster.leader();
    cluster.connect(first);
    cluster.run(500);
    expect(cluster.leader()).toBe(second);
    const third = cluster.othersThan(second)[0];
    cluster.disconnect(second, third);
    cluster.run(2_000);
    expect(cluster.hasLeader()).toBe(false);
    cluster.connect(third);
    cluster.leader();
    cluster.connect(second);
    cluster.leader();
    await storyOf("re-election", cluster);
  });

  it("ManyElections", () => {
    const random = new Random(3);
    const cluster = new Cluster(7);
    cluster.leader();
    for (let i = 0; i < 10; i++) {
      const three = random.shuffle(cluster.servers).slice(0, 3);
      cluster.disconnect(...three);
      cluster.leader();
      cluster.connect(...three);
    }
    cluster.leader();
  });
});

describe("3B, the log", () => {
  it("BasicAgree", async () => {
    const cluster = new Cluster(3);
    for (const value of [100, 200, 300]) cluster.one(value, 3);
    await storyOf("basic-agree", cluster);
  });

  it("RPCBytes: each command goes to each peer once", () => {
    const cluster = new Cluster(3);
    cluster.one("start", 3);
    const before = cluster.sent.bytes;
    let payload = 0;
    for (let i = 0; i < 10; i++) {
      const value = `${i}`.padEnd(5_000, "x");
      payload += value.length;
      cluster.one(value, 3);
    }
    expect(cluster.sent.bytes - before).toBeLessThanOrEqual(3 * payload + 50_000);
  });

  it("FollowerFailure", async () => {
    const cluster = new Cluster(3);
    cluster.one(101, 3);
    const leader = cluster.leader();
    const [one, other] = cluster.othersThan(leader);
    cluster.disconnect(one);
    cluster.one(102, 2);
    cluster.disconnect(other);
    cluster.start(leader, 103);
    cluster.run(2_000);
    expect(cluster.appliedBy(103)).toBe(0);
    await storyOf("follower-failure", cluster);
  });

  it("LeaderFailure", async () => {
    const cluster = new Cluster(3);
    cluster.one(101, 3);
    const first = cluster.leader();
    cluster.disconnect(first);
    cluster.one(102, 2);
    const second = cluster.leader();
    cluster.disconnect(second);
    for (const id of cluster.servers) cluster.start(id, 103);
    cluster.run(2_000);
    expect(cluster.appliedBy(103)).toBe(0);
    await storyOf("leader-failure", cluster);
  });

  it("FailAgree: a follower comes back", async () => {
    const cluster = new Cluster(3);
    cluster.one(101, 3);
    const [one] = cluster.othersThan(cluster.leader());
    cluster.disconnect(one);
    for (const value of [102, 103, 104]) cluster.one(value, 2);
    cluster.connect(one);
    for (const value of [105, 106]) cluster.one(value, 3);
    await storyOf("fail-agree", cluster);
  });

  it("FailNoAgree: too many followers are away", async () => {
    const cluster = new Cluster(5);
    cluster.one(10, 5);
    const leader = cluster.leader();
    const away = cluster.othersThan(leader).slice(0, 3);
    cluster.disconnect(...away);
    cluster.start(leader, 20);
    cluster.run(2_000);
    expect(cluster.appliedBy(20)).toBe(0);
    cluster.connect(...away);
    cluster.one(30, 5);
    await storyOf("fail-no-agree", cluster);
  });

  it("ConcurrentStarts", () => {
    const cluster = new Cluster(3);
    const leader = cluster.leader();
    for (let i = 0; i < 5; i++) cluster.start(leader, i);
    cluster.until("the last is applied", () => cluster.appliedBy(4) === 3);
    const commands = cluster.server(leader).log.entries.filter(({ kind }) => kind === "command");
    expect(commands).toHaveLength(5);
  });

  it("Rejoin of a partitioned leader", async () => {
    const cluster = new Cluster(3);
    cluster.one(101, 3);
    const first = cluster.leader();
    cluster.disconnect(first);
    for (const value of [102, 103, 104]) cluster.start(first, value);
    cluster.one(103, 2);
    const second = cluster.leader();
    cluster.disconnect(second);
    cluster.connect(first);
    cluster.one(104, 2);
    cluster.connect(second);
    cluster.one(105, 3);
    await storyOf("rejoin", cluster);
  });

  it("Backup: a leader backs up quickly over 50 wrong entries", () => {
    const cluster = new Cluster(5);
    cluster.one("first", 5);
    const leader = cluster.leader();
    const [one, two, three, four] = cluster.othersThan(leader);
    cluster.disconnect(two, three, four);
    for (let i = 0; i < 50; i++) cluster.start(leader, `lost ${i}`);
    cluster.run(250);
    cluster.disconnect(leader, one);
    cluster.connect(two, three, four);
    for (let i = 0; i < 50; i++) cluster.one(`kept ${i}`, 3);
    const second = cluster.leader();
    const other = [two, three, four].find((id) => id !== second) as string;
    cluster.disconnect(other);
    for (let i = 0; i < 50; i++) cluster.start(second, `lost too ${i}`);
    cluster.run(250);
    cluster.disconnect(...cluster.servers);
    cluster.connect(leader, one, other);
    for (let i = 0; i < 50; i++) cluster.one(`kept too ${i}`, 3);
    cluster.connect(...cluster.servers);
    const before = cluster.nowMs;
    cluster.one("last", 5);
    expect(cluster.nowMs - before).toBeLessThan(1_000);
  });

  it("Count: few messages to elect, to agree, and to idle", () => {
    const cluster = new Cluster(3);
    cluster.leader();
    expect(cluster.sent.messages).toBeLessThanOrEqual(30);
    cluster.one("start", 3);
    const before = cluster.sent.messages;
    for (let i = 0; i < 10; i++) cluster.start(cluster.leader(), i);
    cluster.until("all are applied", () => cluster.appliedBy(9) === 3);
    expect(cluster.sent.messages - before).toBeLessThanOrEqual((10 + 1 + 3) * 3);
    const idle = cluster.sent.messages;
    cluster.run(1_000);
    expect(cluster.sent.messages - idle).toBeLessThanOrEqual(60);
  });
});

describe("3C, persistence", () => {
  it("Persist1: all crash, then the leader, then a follower", async () => {
    const cluster = new Cluster(3);
    cluster.one(11, 3);
    cluster.crash(...cluster.servers);
    cluster.restart(...cluster.servers);
    cluster.one(12, 3);
    const leader = cluster.leader();
    cluster.crash(leader);
    cluster.restart(leader);
    cluster.one(14, 3);
    const second = cluster.leader();
    cluster.crash(second);
    cluster.one(15, 2);
    cluster.restart(second);
    cluster.one(16, 3);
    await storyOf("persist-1", cluster);
  });

  it("Persist2: more of it, with five servers", () => {
    const cluster = new Cluster(5);
    for (let round = 0; round < 5; round++) {
      cluster.one(`${round} all`, 5);
      const leader = cluster.leader();
      const [one, two, three, four] = cluster.othersThan(leader);
      cluster.crash(one, two);
      cluster.one(`${round} three`, 3);
      cluster.crash(leader, three, four);
      cluster.restart(one, two);
      cluster.run(500);
      cluster.restart(three);
      cluster.one(`${round} others`, 3);
      cluster.restart(leader, four);
    }
    cluster.one("last", 5);
  });

  it("Persist3: the leader and a follower crash, and the follower comes back with the third", async () => {
    const cluster = new Cluster(3);
    cluster.one(101, 3);
    const leader = cluster.leader();
    const [one, other] = cluster.othersThan(leader);
    cluster.disconnect(other);
    cluster.one(102, 2);
    cluster.crash(leader, one);
    cluster.connect(other);
    cluster.restart(leader);
    cluster.one(103, 2);
    cluster.restart(one);
    cluster.one(104, 3);
    await storyOf("persist-3", cluster);
  });

  it("Figure8: leaders crash before and after they replicate, a thousand times", () => {
    const random = new Random(8);
    const cluster = new Cluster(5);
    cluster.one("first", 1);
    for (let i = 0; i < 1_000; i++) {
      const up = cluster.servers.filter((id) => cluster.isUp(id));
      for (const id of up) cluster.start(id, i);
      const leader = up.find((id) => cluster.server(id).role === "leader");
      cluster.run(random.chance(0.1) ? random.below(500) : random.below(13));
      if (leader !== undefined && up.length > 3) cluster.crash(leader);
      const down = cluster.servers.filter((id) => !cluster.isUp(id));
      if (up.length <= 3 && down.length > 0) cluster.restart(random.pick(down));
    }
    cluster.restart(...cluster.servers);
    cluster.one("last", 5);
  });

  const unreliable = { lossRate: 0.1, latencyFactor: 5 };

  it("UnreliableAgree", () => {
    const cluster = new Cluster(5);
    cluster.rates(unreliable);
    for (let i = 0; i < 50; i++) {
      for (let j = 0; j < 4; j++) cluster.start(cluster.leader(), `${i} ${j}`);
      cluster.one(i, 1);
    }
    cluster.rates({});
    cluster.one("last", 5);
  });

  it("Figure8Unreliable: after 200 rounds two answers of three come up to two seconds late", () => {
    const random = new Random(9);
    const cluster = new Cluster(5);
    cluster.rates({ lossRate: 0.1 });
    for (let i = 0; i < 1_000; i++) {
      if (i === 200) cluster.rates({ lossRate: 0.1, reorderRate: 0.67, reorderFactor: 700 });
      const reachable = cluster.reachable();
      for (const { id } of reachable) cluster.start(id, i);
      const leader = reachable.find(({ role }) => role === "leader");
      cluster.run(random.chance(0.1) ? random.below(500) : random.below(13));
      if (leader !== undefined && reachable.length > 3) cluster.disconnect(leader.id);
      const apart = cluster.servers.filter((id) => !reachable.some((server) => server.id === id));
      if (reachable.length <= 3 && apart.length > 0) cluster.connect(random.pick(apart));
    }
    cluster.connect(...cluster.servers);
    cluster.rates({});
    cluster.one("last", 5);
  });

  it.each([
    ["ReliableChurn", {}],
    ["UnreliableChurn", unreliable],
  ])("%s", (_name, rates) => {
    const random = new Random(10);
    const cluster = new Cluster(5);
    cluster.rates(rates);
    for (let i = 0; i < 40; i++) {
      for (const { id } of cluster.reachable()) cluster.start(id, `${id} ${i}`);
      const id = random.pick(cluster.servers);
      if (random.chance(0.2)) cluster.disconnect(id);
      if (random.chance(0.5)) {
        if (!cluster.isUp(id)) cluster.restart(id);
        cluster.connect(id);
      }
      if (random.chance(0.2) && cluster.isUp(id)) cluster.crash(id);
      cluster.run(300);
    }
    cluster.rates({});
    cluster.restart(...cluster.servers);
    cluster.connect(...cluster.servers);
    cluster.one("last", 5);
  });
});

describe("3D, log compaction", () => {
  const options = { snapshotEvery: 10, trailingEntries: 0, snapshotChunkLength: 40 };

  /** Thirty rounds in which one server misses what the others put into snapshots. */
  function snapshots(cluster: Cluster, how: "connected" | "disconnect" | "crash"): void {
    cluster.one("first", 3);
    let leader = cluster.leader();
    for (let i = 0; i < 30; i++) {
      const victim = i % 3 === 1 ? leader : cluster.othersThan(leader)[0];
      if (how === "disconnect") cluster.disconnect(victim);
      if (how === "crash") cluster.crash(victim);
      if (how !== "connected") cluster.one(`${i} without`, 2);
      for (let j = 0; j < 15; j++) cluster.start(cluster.leader(), `${i} ${j}`);
      cluster.one(`${i} more`, 2);
      if (how === "disconnect") cluster.connect(victim);
      if (how === "crash") cluster.restart(victim);
      if (how !== "connected") cluster.one(`${i} with`, 3);
      leader = cluster.leader();
    }
    for (const id of cluster.servers) {
      expect(cluster.server(id).log.entries.length).toBeLessThan(3 * 10);
    }
  }

  it.each([
    ["SnapshotBasic", "connected", {}],
    ["SnapshotInstall", "disconnect", {}],
    ["SnapshotInstallUnreliable", "disconnect", { lossRate: 0.1, latencyFactor: 5 }],
    ["SnapshotInstallCrash", "crash", {}],
    ["SnapshotInstallUnCrash", "crash", { lossRate: 0.1, latencyFactor: 5 }],
  ] as const)("%s", (_name, how, rates) => {
    const cluster = new Cluster(3, { options });
    cluster.rates(rates);
    snapshots(cluster, how);
    const isInstalled = cluster.story.some((line) => line.includes("snapshotInstalled"));
    if (how !== "connected") expect(isInstalled).toBe(true);
  });

  it("SnapshotAllCrash", () => {
    const cluster = new Cluster(3, { options });
    cluster.one("first", 3);
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 12; j++) cluster.one(`${i} ${j}`, 3);
      cluster.crash(...cluster.servers);
      cluster.restart(...cluster.servers);
      expect(cluster.valueOf("n1")).toMatch(new RegExp(`^${i} `));
      cluster.one(`${i} again`, 3);
    }
  });

  it("SnapshotInit: a snapshot is there before anything else after a crash", async () => {
    const cluster = new Cluster(3, { options });
    for (let i = 0; i < 12; i++) cluster.one(i, 3);
    cluster.crash(...cluster.servers);
    cluster.restart(...cluster.servers);
    cluster.one("one more", 3);
    cluster.crash(...cluster.servers);
    cluster.restart(...cluster.servers);
    cluster.one("and one", 3);
    await storyOf("snapshot-init", cluster);
  });
});
