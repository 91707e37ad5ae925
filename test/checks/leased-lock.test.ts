import { describe, expect, it } from "vitest";
import { checkLinearizable, leasedLock, lock, ownedLock } from "dabbawala/checks";
import type { HistoryEvent } from "dabbawala/protocol";

type Mode = "exclusive" | "shared";

/** A call of `process` about its hold of this label; an answer of undefined never came. */
function call(
  process: string,
  f: string,
  { label = process, mode = "exclusive", answer }: { label?: string; mode?: Mode; answer?: number },
): HistoryEvent[] {
  const invoke = { process, type: "invoke", f, key: "k", value: { label, mode } } as const;
  if (answer === undefined) return [invoke];
  return [invoke, { process, type: "ok", f, key: "k", value: answer }];
}

const verdict = (...calls: HistoryEvent[][]) => checkLinearizable(calls.flat(), leasedLock()).kind;

describe("a lock with leases and tokens", () => {
  it("is held by one at a time, with rising tokens", () => {
    const [a, b] = ["a", "b"].map((label, i) => call(label, "acquire", { answer: i + 1 }));
    const released = call("a", "release", { answer: 0 });
    expect(verdict(a, released, b)).toBe("linearizable");
    expect(verdict(a, b)).toBe("not linearizable");
    expect(verdict(a, released, call("b", "acquire", { answer: 1 }))).toBe("not linearizable");
  });

  it("may be lost by expiry, at any time after the acquire, or never", () => {
    const expiry = call("lease of a", "expire", { label: "a" });
    const [a, b] = ["a", "b"].map((label, i) => call(label, "acquire", { answer: i + 1 }));
    expect(verdict(expiry, a, b)).toBe("linearizable");
    expect(verdict(expiry, a, call("a", "release", { answer: 0 }), b)).toBe("linearizable");
    // It was given back after another had it: no expiry explains both.
    expect(verdict(expiry, a, b, call("a", "release", { answer: 0 }))).toBe("not linearizable");
    expect(verdict(expiry, a, b, call("a", "release", { answer: -1 }))).toBe("linearizable");
  });

  it("is shared by readers, and upgraded by one that is alone", () => {
    const shared = { mode: "shared" } as const;
    const readers = [1, 2].map((answer) => call(`r${answer}`, "acquire", { ...shared, answer }));
    const upgrade = call("r1", "upgrade", { answer: 3 });
    expect(verdict(...readers)).toBe("linearizable");
    expect(verdict(...readers, upgrade)).toBe("not linearizable");
    expect(verdict(...readers, call("r2", "release", { answer: 0 }), upgrade)).toBe("linearizable");
    expect(verdict(readers[0], call("w", "acquire", { answer: 2 }))).toBe("not linearizable");
  });

  it("is downgraded by its writer, and by nobody who has lost it", () => {
    const writer = call("w", "acquire", { answer: 1 });
    const reader = call("r", "acquire", { mode: "shared", answer: 2 });
    const downgrade = call("w", "downgrade", { answer: 1 });
    expect(verdict(writer, downgrade, reader)).toBe("linearizable");
    expect(verdict(writer, reader, downgrade)).toBe("not linearizable");
    expect(verdict(writer, downgrade, call("v", "acquire", { answer: 2 }))).toBe(
      "not linearizable",
    );
    const given = call("w", "release", { answer: 0 });
    expect(verdict(writer, given, downgrade)).toBe("not linearizable");
    // Not answered: it may have been done.
    expect(verdict(writer, call("w", "downgrade", {}), reader)).toBe("linearizable");
  });

  it("an acquire that was not answered may have happened", () => {
    const unknown = call("a", "acquire", {});
    const b = call("b", "acquire", { answer: 1 });
    expect(verdict(unknown, b)).toBe("linearizable");
    expect(verdict(unknown, call("a2", "release", { label: "a", answer: 0 }))).toBe("linearizable");
  });
});

/**
 * The last calls that matter of the mutex that Jepsen recorded on etcd, as Knossos publishes it
 * (data/mutex/bad/etcd.edn, events 1086 to 1120): invoked, ok or failed; the process; acquire or
 * release. The lease of process 3 ran out while its release was under way, and 0 had the lock.
 */
const etcdMutex = "i2a i4a i1a o2a i3a i0a i2r o2r o4a i4r o4r o1a i1r o3a o1r i3r o0a f3r";

describe("a mutex that two held, as recorded on etcd", () => {
  const words = { i: "invoke", o: "ok", f: "fail", a: "acquire", r: "release" } as const;
  const judged = (calls: string): readonly string[] => {
    const events = calls.split(" ").map((call): HistoryEvent => {
      const [type, process, f] = [...call] as ["i" | "o" | "f", string, "a" | "r"];
      return { process, type: words[type], f: words[f] };
    });
    return [checkLinearizable(events, lock()), checkLinearizable(events, ownedLock())].map(
      ({ kind }) => kind,
    );
  };

  it("is no history of a mutex", () => {
    expect(judged(etcdMutex)).toEqual(["not linearizable", "not linearizable"]);
  });

  it("would be one if the release had been done", () => {
    expect(judged(etcdMutex.replace("f3r", "o3r"))).toEqual(["linearizable", "linearizable"]);
  });
});
