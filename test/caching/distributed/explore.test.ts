/** A reader, a writer, one server and the database, in every order of events there is. */
import { describe, expect, it } from "vitest";
import { CacheClient, CacheDatabase, CacheServer } from "dabbawala/caching";
import type { CacheMessage, CacheTimer, RefillPolicy } from "dabbawala/caching";
import { Explorer } from "dabbawala/hosts";
import type { ExplorerHistory, ExplorerOptions, ExplorerProperty } from "dabbawala/hosts";

/** The version that was acknowledged, what each read had to see, and what went wrong. */
interface Past {
  readonly acknowledged: number;
  readonly due: Readonly<Record<string, number>>;
  readonly stale?: string;
}

const history: ExplorerHistory<CacheMessage, CacheTimer> = {
  initial: { acknowledged: 0, due: {} } satisfies Past,
  next: (past, { node, effects }) =>
    effects.reduce((now, effect) => {
      const isHistory = effect.kind === "note" && ["invoke", "ok"].includes(effect.label);
      if (!isHistory || !node.startsWith("c")) return now;
      return after(now, node, { label: effect.label, ...(effect.detail as object) });
    }, past as Past),
};

interface Told {
  readonly label: string;
  readonly f?: string;
  readonly version?: number;
}

function after(past: Past, node: string, { label, f, version = 0 }: Told): Past {
  if (label === "invoke") return { ...past, due: { ...past.due, [node]: past.acknowledged } };
  if (f === "write") return { ...past, acknowledged: Math.max(past.acknowledged, version) };
  const due = past.due[node] ?? 0;
  return version >= due ? past : { ...past, stale: `${node} read ${version}, ${due} was due` };
}

const isFresh: ExplorerProperty<CacheMessage, CacheTimer> = {
  kind: "always",
  name: "no stale read",
  says: ({ history: past }) => (past as Past).stale ?? true,
};
const isRefused: ExplorerProperty<CacheMessage, CacheTimer> = {
  kind: "sometimes",
  name: "a refill is refused",
  says: ({ messages }) =>
    messages.some(({ message }) => message.type === "wasSet" && !message.isKept),
};

function explore(refills: RefillPolicy, options: ExplorerOptions<CacheMessage, CacheTimer> = {}) {
  const explorer = new Explorer<CacheMessage, CacheTimer>({
    // The others are for messages that never come: here each comes in its time.
    mayRing: (timer) => typeof timer === "object" && ("job" in timer || "think" in timer),
    history,
    ...options,
  });
  const read = { op: "read", key: "phone" } as const;
  const write = { op: "write", key: "phone", value: "new" } as const;
  explorer.add("n1", CacheServer, { options: { refills } });
  explorer.add("db", CacheDatabase, { options: { isFull: true } });
  explorer.add("c1", CacheClient, {
    peers: ["n1"],
    options: { refills, operations: [read, read] },
  });
  explorer.add("c2", CacheClient, {
    peers: ["n1"],
    options: { refills, operations: [write, read] },
  });
  return explorer.explore([isFresh, isRefused]);
}

describe("every order of events", () => {
  it("refills by anybody: the shortest way to a stale read is found", () => {
    const { kind, verdicts } = explore("any");
    expect(kind).toBe("stopped");
    expect(verdicts[0]).toMatchObject({ kind: "violated", name: "no stale read" });
    const verdict = verdicts[0] as Extract<(typeof verdicts)[number], { kind: "violated" }>;
    const sets = verdict.trace?.filter(
      ({ event }) => event.kind === "message" && event.message.type === "set",
    );
    expect(sets).toHaveLength(1);
  });

  it.each(["leases", "versions"] as const)("%s: none is stale", (refills) => {
    const { kind, states, verdicts } = explore(refills);
    expect(verdicts.map((verdict) => verdict.kind)).toEqual(["holds", "holds"]);
    expect(kind).toBe("complete");
    expect(states).toBeGreaterThan(100);
  });

  it.each(["leases", "versions"] as const)("%s: nor with a crash of any node", (refills) => {
    const { verdicts } = explore(refills, { maxCrashes: 1 });
    expect(verdicts.map((verdict) => verdict.kind)).toEqual(["holds", "holds"]);
  });
});
