import { describe, expect, it } from "vitest";
import { checkLinearizable, leasedLock, lock } from "dabbawala/checks";
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

/** As the mutex that Jepsen recorded on etcd: two hold it at once, and nobody gave it up. */
it("two acquires without a release between them are no history of a mutex", () => {
  const mutex = (process: string, f: string): HistoryEvent[] => [
    { process, type: "invoke", f },
    { process, type: "ok", f },
  ];
  const held = [...mutex("1", "acquire"), ...mutex("2", "acquire"), ...mutex("1", "release")];
  expect(checkLinearizable(held, lock()).kind).toBe("not linearizable");
});
