/**
 * A crash at every write: after each single save of every step a server is started from what is on
 * its disk by then. It must come up, break no invariant, and still hold every committed entry that
 * it held before.
 */
import { expect, it } from "vitest";
import { Raft, RaftClient, RaftInvariants } from "dabbawala/consensus";
import type { RaftMessage, RaftOptions, RaftTimer } from "dabbawala/consensus";
import { Simulator, randomFaults } from "dabbawala/hosts";
import { step } from "dabbawala/protocol";
import type { Event, NodeId } from "dabbawala/protocol";
import { aroundHost } from "dabbawala/protocol";
import type { RaftHost } from "dabbawala/dist/consensus/raft/state";
import { put } from "./one-node";

const servers: readonly NodeId[] = ["n1", "n2", "n3"];

/** The last committed entry that this log has, with all before it. */
function heldOf({ log }: Raft, invariants: RaftInvariants): number {
  const last = log.baseIndex + log.entries.length;
  let index = Math.min(last, invariants.committedCount);
  for (; index > log.baseIndex; index--) {
    const { term } = log.entries[index - log.baseIndex - 1];
    if (term === invariants.committedTerm(index)) break;
  }
  return index;
}

function startFrom(disk: ReadonlyMap<string, unknown>, like: Raft): Raft {
  const peers = servers.filter((id) => id !== like.id);
  const again = new Raft(like.id, peers, like.options);
  const saved = structuredClone(Object.fromEntries(disk));
  step(again, { kind: "start", saved }, { nowMs: 0, random: () => 0.5 });
  return again;
}

class CrashPoints {
  restarts = 0;
  readonly invariants = new RaftInvariants();
  private readonly disks = new Map<NodeId, Map<string, unknown>>();

  /** `isReversed`: the disk gets the saves of a step in the wrong order, which must be noticed. */
  constructor(private readonly isReversed = false) {}

  /** Raft, and after each of its saves another Raft from what is saved by then. */
  watched(): typeof Raft {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- a class within has its own
    const points = this;
    return class extends Raft {
      override handle(event: Event<RaftMessage, RaftTimer>, host: RaftHost): void {
        const held = heldOf(this, points.invariants);
        const disk = points.disks.get(this.id) ?? new Map<string, unknown>();
        points.disks.set(this.id, disk);
        const saves: [key: string, value: unknown][] = [];
        const save = (key: string, value: unknown): void => {
          saves.push([key, structuredClone(value)]);
          host.save(key, value);
        };
        super.handle(event, aroundHost(host, { save }));
        expect(points.invariants.observe(this)).toBe(undefined);
        for (const [key, value] of points.isReversed ? saves.reverse() : saves) {
          if (value === undefined) disk.delete(key);
          else disk.set(key, value);
          points.restart(disk, this, event.kind === "start" ? 0 : held);
        }
      }
    };
  }

  private restart(disk: ReadonlyMap<string, unknown>, server: Raft, held: number): void {
    this.restarts++;
    const again = startFrom(disk, server);
    expect(this.invariants.observe(again)).toBe(undefined);
    expect(again.currentTerm).toBeLessThanOrEqual(server.currentTerm);
    expect(heldOf(again, this.invariants)).toBeGreaterThanOrEqual(held);
  }
}

const small = { snapshotEvery: 12, snapshotChunkLength: 500 };

it.each([
  ["a log that is never compacted", {}],
  ["snapshots with nothing behind them", { ...small, trailingEntries: 0 }],
  ["snapshots with some entries behind them", { ...small, trailingEntries: 5 }],
  ["writes in parallel", { ...small, trailingEntries: 5, hasParallelWrites: true }],
] as [string, Partial<RaftOptions>][])("a crash after every single save: %s", (_what, options) => {
  const points = runWith(options, new CrashPoints());
  expect(points.restarts).toBeGreaterThan(300);
  expect(points.invariants.committedCount).toBeGreaterThan(100);
});

it("a disk that changes the order of saves is found out", () => {
  const options = { ...small, trailingEntries: 0 };
  expect(() => runWith(options, new CrashPoints(true))).toThrow("greater than or equal");
});

function runWith(options: Partial<RaftOptions>, points: CrashPoints): CrashPoints {
  const simulator = new Simulator<RaftMessage, RaftTimer>({ seed: 4, isTraced: false });
  for (const id of servers) simulator.add(id, points.watched(), { options });
  for (const id of ["c1", "c2"]) {
    const operations = Array.from({ length: 60 }, (_, i) => ({ command: put(`k${i % 5}`, i) }));
    simulator.add(id, RaftClient, { peers: servers, options: { operations, retryMs: 100 } });
  }
  const faults = randomFaults({
    seed: 4,
    names: servers,
    untilMs: 6_000,
    crash: { everyMs: 500, minMs: 20, maxMs: 600 },
    partition: { everyMs: 400, minMs: 100, maxMs: 900 },
  });
  simulator.schedule(...faults);
  simulator.run({ untilMs: 6_500 });
  return points;
}
