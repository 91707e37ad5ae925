/**
 * Planted bugs: the cache with one rule broken each. Storms that do not find them are worth
 * nothing, so each must be found; `npm run mutants` says how soon.
 */
import { aroundHost } from "../../../protocol";
import type { Event } from "../../../protocol";
import { CacheClient } from "../client";
import type { ClientHost } from "../client-state";
import { CacheInvalidator } from "../invalidator";
import type { InvalidatorRules } from "../invalidator";
import type { CacheMessage, CacheTimer } from "../messages";
import type { Entry } from "../records";
import { cacheRules, clientRules } from "../rules";
import type { CacheRules, ClientRules } from "../rules";
import { CacheServer } from "../server";
import type { CacheStormPlan } from "./plan";
import type { CacheClasses } from "./run";

export interface CacheVariant {
  /** For the command line: the name with hyphens. */
  readonly id: string;
  readonly name: string;
  /** Of the paper, where the rule stands that is broken. */
  readonly section: string;
  readonly classes: CacheClasses;
  /** Where the storm should blow for this one; the seed draws the rest. */
  readonly plan: Partial<CacheStormPlan>;
}

/** The server with some rules replaced. */
function serverWith(broken: Partial<CacheRules>): CacheClasses {
  const serverClass = class extends CacheServer {
    override get rules(): CacheRules {
      return { ...cacheRules, ...broken };
    }
  };
  return { serverClass };
}

/** The client with some rules replaced. */
function clientWith(broken: Partial<ClientRules>): CacheClasses {
  const clientClass = class extends CacheClient {
    override get rules(): ClientRules {
      return { ...clientRules, ...broken };
    }
  };
  return { clientClass };
}

/** The invalidator with some rules replaced. */
function invalidatorWith(broken: Partial<InvalidatorRules>): CacheClasses {
  const invalidatorClass = class extends CacheInvalidator {
    override get rules(): InvalidatorRules {
      return { ...super.rules, ...broken };
    }
  };
  return { invalidatorClass };
}

/** Says when it asked by its own clock, and the server counts the TTL from then. */
class OwnTime extends CacheClient {
  override handle(event: Event<CacheMessage, CacheTimer>, host: ClientHost): void {
    const send = (to: string, message: CacheMessage): void => {
      const isSet = message.type === "set";
      const permit = isSet ? { ...message.permit, atMs: host.nowMs } : undefined;
      host.send(to, isSet && permit !== undefined ? { ...message, permit } : message);
    };
    super.handle(event, aroundHost(host, { send }));
  }
}

const crash = { everyMs: 250, minMs: 5, maxMs: 150 } as const;
const partition = { everyMs: 300, minMs: 100, maxMs: 900 } as const;
const leases = { writes: "aside", refills: "leases", ttlMs: 600 } as const;
const versions = { ...leases, refills: "versions" } as const;
const patient = { unreachable: "waitTtl" } as const;
const byLog = { writes: "log", refills: "leases", ttlMs: 600, hotReplicas: 1 } as const;
const slowLoads = { readMs: 15, writeMs: 2, jitter: 1 } as const;

const planted: readonly Omit<CacheVariant, "id">[] = [
  {
    name: "refills without a lease",
    section: "3.2.1",
    classes: serverWith({ mayFill: () => true }),
    plan: { options: leases, database: slowLoads },
  },
  {
    name: "a delete does not void the lease",
    section: "3.2.1",
    classes: serverWith({ afterDelete: (lease) => lease }),
    plan: { options: leases, database: slowLoads },
  },
  {
    name: "permits of an earlier life",
    section: "3.2.1",
    classes: serverWith({
      mayFill: (state, options) =>
        cacheRules.mayFill({ ...state, permit: { ...state.permit, life: state.life } }, options),
    }),
    plan: {
      options: { ...versions, hotReplicas: 1 },
      servers: 1,
      gutters: 0,
      keys: 1,
      database: { readMs: 80, writeMs: 2, jitter: 1 },
      server: { leaseMs: 400 },
      faults: { crash: { everyMs: 80, minMs: 1, maxMs: 10 } },
    },
  },
  {
    name: "tombstones that do not count",
    section: "3.2.1",
    classes: serverWith({
      mayFill: (state, options) => cacheRules.mayFill({ ...state, tombstone: undefined }, options),
    }),
    plan: { options: versions, database: slowLoads },
  },
  {
    name: "late readers join the load under way",
    section: "ours",
    classes: clientWith({ mayJoinLoad: true }),
    plan: { options: leases, database: slowLoads, client: { isCoalescing: true } },
  },
  {
    name: "waiters of a failed load are forgotten",
    section: "ours",
    classes: clientWith({ toldOfFailure: (readers) => readers.slice(0, 1) }),
    plan: { client: { isCoalescing: true, loadMs: 60 }, keys: 1 },
  },
  {
    name: "a rejoined server serves its old store",
    section: "3.3",
    classes: serverWith({ isSaved: true, restored: restoredAnew }),
    plan: {
      options: { ...leases, ttlMs: 400 },
      faults: { crash: { everyMs: 300, minMs: 300, maxMs: 900 } },
      client: patient,
    },
  },
  {
    name: "a silent server counts as told",
    section: "3.3",
    classes: clientWith({
      mustDelete: (holders, { suspects }) => holders.filter((id) => !suspects.has(id)),
    }),
    plan: { options: leases, faults: { partition } },
  },
  {
    name: "the gutter is not told",
    section: "3.3",
    classes: clientWith({
      mustDelete: (holders, { gutters }) => holders.filter((id) => !gutters.includes(id)),
    }),
    plan: { options: leases, gutters: 1, faults: { partition, crash } },
  },
  {
    name: "replicas of a hot key are not told",
    section: "3.3",
    classes: clientWith({ mustDelete: (holders) => holders.slice(0, 1) }),
    plan: { options: { ...leases, hotReplicas: 2 }, gutters: 0 },
  },
  {
    name: "a TTL that begins with the fill",
    section: "ours",
    classes: serverWith({ endsAtMs: (_permit, nowMs, ttlMs) => nowMs + ttlMs }),
    plan: {
      options: { ...leases, ttlMs: 150, staleMs: 0, earlyBeta: 0 },
      database: { readMs: 60, writeMs: 2, jitter: 1 },
      gutters: 0,
      client: patient,
      faults: { partition },
    },
  },
  {
    name: "a TTL by the clock of a client",
    section: "ours",
    classes: { clientClass: OwnTime },
    plan: { options: { ...leases, ttlMs: 150 }, maxSkewMs: 3_600_000, faults: { partition } },
  },
  {
    name: "a write that does not wait for the TTL",
    section: "ours",
    classes: clientWith({ waitMs: () => 0 }),
    plan: { options: leases, client: patient, faults: { partition } },
  },
  {
    name: "an absent row outlives its delete",
    section: "ours",
    classes: serverWith({ isNegativeDeleted: false }),
    plan: { options: { ...leases, negativeTtlMs: 600 }, keys: 40 },
  },
  {
    name: "acknowledged before the database has it",
    section: "ours",
    classes: serverWith({ isStoredFirst: false }),
    plan: { options: { ...leases, writes: "through" } },
  },
  {
    name: "the log's position moves on before servers answer",
    section: "4.1",
    classes: invalidatorWith({ waitsForAnswers: false }),
    plan: { options: byLog, faults: { partition } },
  },
  {
    name: "a server that is silent to the log is passed over",
    section: "4.1",
    classes: invalidatorWith({ isStubborn: false }),
    plan: { options: byLog, faults: { partition } },
  },
  {
    name: "the log does not tell the gutters",
    section: "4.1",
    classes: invalidatorWith({ tellsGutters: false }),
    plan: { options: byLog, gutters: 1, faults: { partition, crash } },
  },
  {
    name: "dirty rows are pushed out",
    section: "ours",
    classes: serverWith({ mayEvict: () => true }),
    plan: {
      options: { ...leases, writes: "back" },
      server: { capacity: 1, flushMs: 200 },
      keys: 12,
    },
  },
];

/** Rows with a whole TTL again, as if nothing had been deleted meanwhile. */
function restoredAnew(saved: Readonly<Record<string, unknown>>, nowMs: number): [string, Entry][] {
  return Object.entries(saved).flatMap(([name, entry]): [string, Entry][] => {
    if (!name.startsWith("entry/")) return [];
    return [[name.slice("entry/".length), { ...(entry as Entry), endsAtMs: nowMs + 600 }]];
  });
}

export const cacheVariants: readonly CacheVariant[] = planted.map((variant) => {
  return { ...variant, id: variant.name.replace(/\W+/g, "-") };
});
