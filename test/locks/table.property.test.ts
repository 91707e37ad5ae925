/** Random commands: what must hold after every one of them, and on a copy made from a snapshot. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { lockMachine } from "dabbawala/locks";
import type { LockState } from "dabbawala/locks";
import { Table } from "./table-driver";

const clients = ["c1", "c2", "c3", "c4"];
const names = ["a", "b", "c"];

const step = fc.record({
  kind: fc.constantFrom(
    "acquire",
    "acquire",
    "acquire",
    "release",
    "release",
    "upgrade",
    "downgrade",
    "tick",
    "renew",
  ),
  client: fc.constantFrom(...clients),
  names: fc.subarray(names, { minLength: 1 }),
  mode: fc.constantFrom("exclusive" as const, "shared" as const),
  waitMs: fc.constantFrom(0, 50, null),
  afterMs: fc.integer({ min: 1, max: 400 }),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function perform(table: Table, { kind, client, names: wanted, mode, waitMs, afterMs }: Step) {
  if (kind === "acquire") return table.acquire(client, wanted, { mode, waitMs });
  if (kind === "release") return table.release(client, wanted[0]);
  if (kind === "upgrade") return table.upgrade(client, wanted[0], waitMs);
  if (kind === "downgrade") return table.downgrade(client, wanted[0]);
  if (kind === "renew") return clients.forEach((id) => table.keepAlive(id, table.state.lastNews));
  return table.tick(afterMs);
}

/** What is wrong with a state, in words. */
function flawsOf(state: LockState): string[] {
  const flaws: string[] = [];
  const tokens = new Set<number>();
  for (const [name, { holders, queue }] of state.locks) {
    const modes = [...holders.values()].map(({ mode }) => mode);
    if (modes.length > 1 && modes.includes("exclusive")) flaws.push(`${name}: held by ${modes}`);
    if (queue.length > 0 && holders.size === 0) flaws.push(`${name}: free, and waited for`);
    for (const [session, { token, count }] of holders) {
      if (tokens.has(token) || token > state.lastToken) flaws.push(`${name}: token ${token}`);
      if (count < 1) flaws.push(`${name}: count ${count}`);
      if (!state.sessions.get(session)?.held.has(name)) flaws.push(`${name}: held by nobody`);
      tokens.add(token);
    }
    const claims = queue.map((id) => state.claims.get(id));
    if (claims.some((claim) => claim?.names[claim.next] !== name)) flaws.push(`${name}: in line`);
  }
  const held = [...state.sessions.values()].flatMap((session) => [...session.held]);
  const holds = [...state.locks.values()].flatMap(({ holders }) => [...holders]);
  if (held.length !== holds.length) flaws.push("sessions and locks tell different holds");
  return flaws;
}

it("holds are compatible, tokens rise, nobody waits for a free lock, a copy is the same", () => {
  const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const table = new Table(...clients);
    const copy = new Table(...clients);
    let token = 0;
    for (const each of steps) {
      const answer = perform(table, each);
      copy.state = copy.machine.fromJson(
        JSON.parse(JSON.stringify(copy.machine.toJson(copy.state))),
      );
      expect(perform(copy, each)).toEqual(answer);
      expect(copy.machine.toJson(copy.state)).toEqual(table.machine.toJson(table.state));
      expect(flawsOf(table.state)).toEqual([]);
      expect(table.state.lastToken).toBeGreaterThanOrEqual(token);
      token = table.state.lastToken;
    }
    table.tick(1_000);
    expect(table.state.locks.size + table.state.claims.size + table.state.sessions.size).toBe(0);
  });
  fc.assert(property, { numRuns: 500, seed: 1 });
}, 60_000);

it("the check above sees a rule that is broken", () => {
  const table = new Table(...clients);
  const broken = lockMachine("broken", { isCompatible: () => true });
  Object.assign(table, { machine: broken });
  table.acquire("c1", "a");
  table.acquire("c2", "a");
  expect(flawsOf(table.state)).toEqual(["a: held by exclusive,exclusive"]);
});
