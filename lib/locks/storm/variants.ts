/**
 * Planted bugs: the lock service with one rule broken each. Storms that do not find them are worth
 * nothing, so each must be found; `npm run mutants` says how soon.
 */
import { registerMachine } from "../../consensus/raft";
import type { Machine } from "../../consensus/raft";
import type { Event, Host } from "../../protocol";
import { FencedResource } from "../fenced-resource";
import { LockClient } from "../lock-client";
import type { TrustedMs } from "../../protocol/trusted-clock";
import { LockServer } from "../lock-server";
import type { LockMessage, LockTimer } from "../messages";
import { lockMachine } from "../table";
import type { LockAnswer, LockCommand, LockRules, LockState, StampedCommand } from "../table";
import type { LockStormPlan } from "./plan";
import type { LockParts } from "./run";

export interface LockVariant {
  /** For the command line: the name with hyphens. */
  readonly id: string;
  readonly name: string;
  /** Where the rule stands that is broken. */
  readonly source: string;
  readonly parts: LockParts;
  /** Where the storm should blow for this one; the seed draws the rest. */
  readonly plan: Partial<LockStormPlan>;
}

type LockHost = Host<LockMessage, LockTimer>;

/** Time is what the asking client's clock says. */
class ClientsClock extends LockServer {
  protected override stampOf(command: LockCommand, host: LockHost): number {
    const { sentMs } = command as { readonly sentMs?: number };
    return sentMs ?? super.stampOf(command, host);
  }
}

/** Says with each command what its clock shows. */
class TellingClient extends LockClient {
  override handle(event: Event<LockMessage, LockTimer>, host: LockHost): void {
    const send: LockHost["send"] = (to, message) => {
      if (message.type !== "command") return host.send(to, message);
      const command = { ...(message.command as object), sentMs: host.nowMs };
      host.send(to, { ...message, command });
    };
    super.handle(event, Object.assign(Object.create(host) as LockHost, { send }));
  }
}

/** A leader believes its clock, whatever it shows. */
class TrustingLeader extends LockServer {
  protected override get trusted(): TrustedMs {
    return (movedMs) => Math.max(0, movedMs);
  }
}

/** What it has seen is gone after a crash. */
class ForgetfulResource extends FencedResource {
  protected override keep(lock: string, guarded: { value: number }, host: LockHost): void {
    const forgotten = { highestToken: 0, highestWriter: 0, sequence: 0 };
    host.save(`lock/${lock}`, { ...guarded, ...forgotten });
  }
}

const snapshots = { snapshotEvery: 10, trailingEntries: 0 } as const;
const stepping = {
  servers: 3,
  serverFaults: {
    crash: { everyMs: 500, minMs: 10, maxMs: 400 },
    partition: { everyMs: 800, minMs: 50, maxMs: 800 },
  },
} as const;
const pausing = {
  clientFaults: { pause: { everyMs: 500, minMs: 500, maxMs: 2_500 } },
  delayedUses: 10,
  kinds: ["plain"],
} as const;
const lossy = {
  serverFaults: {
    network: { everyMs: 200, minMs: 300, maxMs: 1_500, maxLossRate: 0.4, maxDuplicateRate: 0.5 },
    partition: { everyMs: 900, minMs: 50, maxMs: 600 },
  },
} as const;

/** The machine with some rules replaced, as parts of a plan. */
function withRules(name: string, changes: Partial<LockRules>): Pick<LockStormPlan, "options"> {
  registerMachine(lockMachine(`locks: ${name}`, changes));
  return { options: { machine: `locks: ${name}` } };
}

function withMachine(
  name: string,
  build: (name: string) => Machine<LockState>,
): Pick<LockStormPlan, "options"> {
  registerMachine(build(`locks: ${name}`));
  return { options: { machine: `locks: ${name}` } };
}

/** A release needs no token and no session: it is the holder's, whoever that is now. */
function freeingMachine(name: string): Machine<LockState> {
  const machine = lockMachine(name);
  return {
    ...machine,
    apply(state, command) {
      const given = command as StampedCommand;
      const holders = given.op === "release" ? state.locks.get(given.name)?.holders : undefined;
      const isOwn = given.op === "release" && holders?.has(given.session);
      const [holder] = isOwn ? [] : [...(holders ?? [])];
      const session = state.sessions.get(holder?.[0] ?? 0);
      if (session === undefined || given.op !== "release") return machine.apply(state, command);
      const own = { session: session.id, client: session.client, token: holder[1].token };
      // Between the session's last command and its next one.
      return machine.apply(state, { ...given, ...own, sequence: session.lastSequence + 0.001 });
    },
  };
}

/** A downgrade gives the lock back, and says that it is shared. */
function releasingMachine(name: string): Machine<LockState> {
  const machine = lockMachine(name);
  return {
    ...machine,
    apply(state, command) {
      const given = command as StampedCommand;
      if (given.op !== "downgrade") return machine.apply(state, command);
      const answer = machine.apply(state, { ...given, op: "release" }) as LockAnswer;
      const tokens = { [given.name]: given.token };
      return answer.kind === "released" ? { kind: "granted", tokens } : answer;
    },
  };
}

type Planted = Omit<LockVariant, "id">;

const planted: readonly Planted[] = [
  {
    name: "a resource that asks for no token",
    source: "Chubby 2.4",
    parts: {},
    plan: { ...pausing, isFenced: false },
  },
  {
    name: "a resource that forgets tokens in a crash",
    source: "Chubby 2.4",
    parts: { resource: ForgetfulResource },
    plan: {
      ...pausing,
      clientFaults: { ...pausing.clientFaults, jumpClock: { everyMs: 150, maxJumpMs: 20_000 } },
      resourceFaults: { crash: { everyMs: 200, minMs: 5, maxMs: 50 } },
    },
  },
  {
    name: "expiry by the clock of the client",
    source: "Chubby 2.8",
    parts: { server: ClientsClock, client: TellingClient },
    plan: { clientFaults: { jumpClock: { everyMs: 500, maxJumpMs: 20_000 } } },
  },
  {
    name: "expiry by the clock of the leader as it is set",
    source: "Chubby 2.8",
    parts: { server: TrustingLeader },
    plan: { serverFaults: { jumpClock: { everyMs: 300, maxJumpMs: 100_000 } } },
  },
  {
    name: "tokens that are not in the snapshot",
    source: "Chubby 2.4",
    parts: {},
    plan: {
      ...stepping,
      ...withRules("tokens", {
        snapshot: (json) => ({ ...json, counters: { ...json.counters, lastToken: 0 } }),
      }),
    },
  },
  {
    name: "a queue that is not in the snapshot",
    source: "ZooKeeper 2.4",
    parts: {},
    plan: {
      ...stepping,
      ...withRules("queue", {
        snapshot: (json) => ({
          ...json,
          claims: [],
          sessions: json.sessions.map((session) => ({ ...session, claims: [] })),
          locks: json.locks.map((lock) => ({ ...lock, queue: [] })),
        }),
      }),
    },
  },
  {
    name: "re-entrancy that is not in the snapshot",
    source: "java.util.concurrent",
    parts: {},
    plan: {
      ...stepping,
      kinds: ["twice"],
      ...withRules("count", {
        snapshot: (json) => ({
          ...json,
          locks: json.locks.map((lock) => {
            const once = lock.holders.map(([id, hold]) => [id, { ...hold, count: 1 }] as const);
            return { ...lock, holders: once };
          }),
        }),
      }),
    },
  },
  {
    name: "a release frees whoever holds the lock",
    source: "Redis SET, unlock",
    parts: {},
    plan: { ...lossy, ...withMachine("release", freeingMachine) },
  },
  {
    name: "a repeated command is done again",
    source: "Ongaro 6.3",
    parts: {},
    plan: { ...lossy, ...withRules("repeat", { isRepeated: () => false }) },
  },
  {
    name: "news are forgotten before they are acknowledged",
    source: "Chubby 2.8",
    parts: {},
    plan: { ...lossy, ...withRules("news", { forgetNews: (_seen, lastNews) => lastNews }) },
  },
  {
    name: "a reader becomes the writer beside other readers",
    source: "upgrade",
    parts: {},
    plan: {
      kinds: ["shared", "upgrade"],
      ...withRules("upgrade", {
        isCompatible: (mode, others) =>
          others.every((hold) => hold.mode === "shared") ||
          (mode === "shared" && others.length === 0),
      }),
    },
  },
  {
    name: "a downgrade that lets go and shares again",
    source: "downgrade",
    parts: {},
    plan: { kinds: ["downgrade"], ...withMachine("downgrade", releasingMachine) },
  },
  {
    name: "a downgrade that lets the next writer in",
    source: "downgrade",
    parts: {},
    plan: {
      kinds: ["downgrade", "plain"],
      ...withRules("next writer", {
        isCompatible: (_mode, others) =>
          others.length === 0 || others.every((hold) => hold.mode === "shared"),
      }),
    },
  },
  {
    name: "a token for each lock holder and not for each grant",
    source: "Kleppmann 2016",
    parts: {},
    plan: {
      ...pausing,
      ...withRules("grants", { nextToken: (state) => Math.max(1, state.lastToken) }),
    },
  },
];

export const lockVariants: readonly LockVariant[] = planted.map((variant) => {
  const plan = { ...variant.plan };
  // Restores of snapshots are what breaks these: so there are many.
  if (variant.name.includes("snapshot")) plan.options = { ...snapshots, ...plan.options };
  return { ...variant, plan, id: variant.name.replace(/\W+/g, "-") };
});
