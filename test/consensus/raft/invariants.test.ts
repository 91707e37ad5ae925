/** The watcher itself: each property is broken by hand, and must be named. */
import { describe, expect, it } from "vitest";
import { Raft, RaftInvariants } from "dabbawala/consensus";
import { entriesOf } from "./one-node";

function server(id: string, changes: Partial<Raft>, terms: readonly number[] = []): Raft {
  const raft = new Raft(id, []);
  raft.log.entries = entriesOf(terms);
  raft.currentTerm = Math.max(0, ...terms);
  return Object.assign(raft, changes);
}

/** What is said of the last of these, when all before it are in order. */
function lastOf(...servers: Raft[]): string | undefined {
  const invariants = new RaftInvariants();
  const last = servers.pop() as Raft;
  for (const each of servers) expect(invariants.observe(each)).toBe(undefined);
  return invariants.observe(last)?.property;
}

const committed = (index: number) => ({ commitIndex: index, lastApplied: index });

describe("RaftInvariants", () => {
  it("election safety: two leaders of one term", () => {
    const [one, two] = ["n1", "n2"].map((id) => server(id, { role: "leader", currentTerm: 3 }));
    expect(lastOf(one, two)).toBe("electionSafety");
    expect(lastOf(one, server("n2", { role: "leader", currentTerm: 4 }))).toBe(undefined);
  });

  it("leader append-only: a leader's last entry changes, or goes", () => {
    for (const terms of [[1, 1, 2], [1]]) {
      const invariants = new RaftInvariants();
      const leader = server("n1", { role: "leader", currentTerm: 2 }, [1, 1, 1]);
      expect(invariants.observe(leader)).toBe(undefined);
      leader.log.entries = entriesOf(terms);
      expect(invariants.observe(leader)?.property).toBe("leaderAppendOnly");
    }
  });

  it("log matching: the same index and term, and another content or another past", () => {
    const other = server("n2", {}, [1, 1]);
    other.log.entries[1] = { term: 1, kind: "noop" };
    expect(lastOf(server("n1", {}, [1, 1]), other)).toBe("logMatching");
    expect(lastOf(server("n1", {}, [1, 1, 3]), server("n2", {}, [1, 2, 3]))).toBe("logMatching");
    expect(lastOf(server("n1", {}, [1, 1, 3]), server("n2", {}, [1, 2]))).toBe(undefined);
  });

  it("state-machine safety: two entries applied at one index", () => {
    const [one, two] = [server("n1", committed(2), [1, 1]), server("n2", committed(2), [1, 2])];
    expect(lastOf(one, two)).toBe("stateMachineSafety");
  });

  it("leader completeness: a later leader lacks what was committed, an earlier one may", () => {
    const done = server("n1", { ...committed(2), currentTerm: 4 }, [1, 3]);
    const leader = (currentTerm: number): Raft =>
      server("n2", { role: "leader", currentTerm }, [1]);
    expect(lastOf(done, leader(5))).toBe("leaderCompleteness");
    expect(lastOf(done, leader(2))).toBe(undefined);
  });

  it("terms and commits of a running server never go back; after a restart commits may", () => {
    const invariants = new RaftInvariants();
    const running = server("n1", { ...committed(2) }, [1, 1]);
    expect(invariants.observe(running)).toBe(undefined);
    Object.assign(running, committed(1));
    expect(invariants.observe(running)?.property).toBe("commitsOnlyRise");
    expect(invariants.observe(server("n1", {}, [1, 1]))).toBe(undefined);
    const older = server("n2", { currentTerm: 5 });
    expect(invariants.observe(older)).toBe(undefined);
    older.currentTerm = 4;
    expect(invariants.observe(older)?.property).toBe("termsOnlyRise");
  });

  it("what is committed is there, and applied; no entry is of a term to come", () => {
    expect(lastOf(server("n1", committed(3), [1]))).toBe("appliesWhatIsCommitted");
    expect(lastOf(server("n1", { commitIndex: 1 }, [1]))).toBe("appliesWhatIsCommitted");
    expect(lastOf(server("n1", { currentTerm: 1 }, [2]))).toBe("logsEndByTheCurrentTerm");
  });

  it("says which server, and what", () => {
    const violation = new RaftInvariants().observe(server("n1", { currentTerm: 1 }, [2]));
    expect(violation).toEqual({
      property: "logsEndByTheCurrentTerm",
      server: "n1",
      detail: "2 after 1",
    });
  });
});
