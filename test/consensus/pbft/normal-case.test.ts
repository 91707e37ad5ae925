/** Sections 4.1 and 4.2: a request in an order, and how many messages that takes. */
import { Pbft, PbftClient } from "dabbawala/consensus";
import type { PbftMessage, PbftTimer } from "dabbawala/consensus";
import { Simulator } from "dabbawala/hosts";
import { describe, expect, it } from "vitest";

type Sent = Record<string, number>;

function played(replicas: number, authentication: "signatures" | "macs"): Sent {
  const ids = Array.from({ length: replicas }, (_, i) => `n${i + 1}`);
  const simulator = new Simulator<PbftMessage, PbftTimer>({ seed: 1, isTraced: true });
  for (const id of ids) simulator.add(id, Pbft, { options: { authentication } });
  const operations = [{ command: { op: "put", key: "asha", value: 500 } }];
  simulator.add("c1", PbftClient, { peers: ids, options: { authentication, operations } });
  simulator.run({ untilMs: 100 });
  const sent: Sent = {};
  for (const { effects } of simulator.trace) {
    for (const effect of effects) {
      if (effect.kind !== "send") continue;
      sent[effect.message.type] = (sent[effect.message.type] ?? 0) + 1;
    }
  }
  return sent;
}

describe.each(["signatures", "macs"] as const)("section 4.2 with %s", (authentication) => {
  it("a request takes 1 + 3 + 9 + 12 + 4 = 29 messages at n = 4", () => {
    const sent = played(4, authentication);
    expect(sent).toEqual({ request: 1, prePrepare: 3, prepare: 9, commit: 12, reply: 4 });
  });

  it.each([1, 4, 7, 10])("a request takes 1 + (n-1) + (n-1)^2 + n(n-1) + n at n = %i", (n) => {
    const total = Object.values(played(n, authentication)).reduce((sum, count) => sum + count);
    expect(total).toBe(1 + (n - 1) + (n - 1) ** 2 + n * (n - 1) + n);
  });
});
