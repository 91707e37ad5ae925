/**
 * Planted bugs: the register with one rule broken each. Storms that do not find them are worth
 * nothing, so each must be found; `npm run mutants` says how soon.
 */
import { withIds } from "../../../hosts";
import type { Variant } from "../../../hosts";
import { aroundHost } from "../../../protocol";
import type { Event, Host } from "../../../protocol";
import { CasRegister } from "../cas-register";
import type { Accepted, Ballot, CasMessage, CasTimer } from "../messages";
import { casRules } from "../rules";
import type { CasRules } from "../rules";
import type { CasStormPlan } from "./plan";
import type { CasClass } from "./run";

export interface CasVariant extends Variant<CasStormPlan> {
  readonly server: CasClass;
}

/** The register with some rules replaced. */
export function casRegisterWith(broken: Partial<CasRules>): CasClass {
  return class extends CasRegister {
    override get rules(): CasRules {
      return { ...casRules, ...broken };
    }
  };
}

type CasEvent = Event<CasMessage, CasTimer>;
type CasHost = Host<CasMessage, CasTimer>;

/** Saves what it has accepted, and its promises not. */
class Forgetful extends CasRegister {
  override handle(event: CasEvent, host: CasHost): void {
    const save = (key: string, value: unknown): void => {
      const { accepted } = (value ?? {}) as { accepted?: Accepted | null };
      const promised: Ballot = accepted?.ballot ?? { count: 0, proposer: "" };
      host.save(key, key.startsWith("register/") ? { promised, accepted } : value);
    };
    super.handle(event, aroundHost(host, { save }));
  }
}

/** Sends first, and saves when everything has been sent. */
class Hasty extends CasRegister {
  override handle(event: CasEvent, host: CasHost): void {
    const later: (() => void)[] = [];
    const save = (key: string, value: unknown): void => {
      later.push(() => host.save(key, value));
    };
    super.handle(event, aroundHost(host, { save }));
    for (const each of later) each();
  }
}

const crash = { everyMs: 12, minMs: 1, maxMs: 2, disk: "torn" } as const;
const crashes: Partial<CasStormPlan> = {
  ...{ servers: 3, keys: 1, clients: 6, operationsEach: 30, thinkMs: 1, faultsMs: 3_000 },
  faults: { crash },
};
/** Minorities, and messages that arrive twice: of five servers two could be taken for three. */
const echoes: Partial<CasStormPlan> = {
  ...{ servers: 5, keys: 1, diskMs: 0, thinkMs: 1, operationsEach: 60, faultsMs: 3_000 },
  faults: {
    network: { everyMs: 50, minMs: 300, maxMs: 600, maxLossRate: 0.2, maxDuplicateRate: 1 },
    partition: { everyMs: 100, minMs: 20, maxMs: 200 },
  },
};
const plain: Partial<CasStormPlan> = {};

export const casVariants = withIds<CasVariant>([
  {
    name: "promises forgotten at a restart",
    section: "2.1",
    server: Forgetful,
    plan: crashes,
  },
  {
    name: "an acceptance that is sent before it is saved",
    section: "2.1",
    server: Hasty,
    plan: { ...crashes, diskMs: 8 },
  },
  {
    name: "accepts below its promise",
    section: "2.1",
    server: casRegisterWith({
      mayVote: (phase, promised, ballot) =>
        phase === "accept" || casRules.mayVote(phase, promised, ballot),
    }),
    plan: plain,
  },
  {
    name: "promises below its promise",
    section: "2.1",
    server: casRegisterWith({
      mayVote: (phase, promised, ballot) =>
        phase === "prepare" || casRules.mayVote(phase, promised, ballot),
    }),
    plan: plain,
  },
  {
    name: "a promise does not tell what was accepted",
    section: "2.1",
    server: casRegisterWith({ told: () => null }),
    plan: plain,
  },
  {
    name: "the state told last in place of the latest",
    section: "2.2",
    server: casRegisterWith({ latest: (known, heard) => heard ?? known }),
    plan: plain,
  },
  {
    name: "two proposers have the same ballots",
    section: "2.1",
    server: casRegisterWith({ proposer: () => "" }),
    plan: plain,
  },
  {
    name: "ballots of an earlier life",
    section: "2.1",
    // After a restart the next count is the one that it has promised last, often to itself.
    server: casRegisterWith({
      proposer: (id) => id,
      caughtUp: (count, seen) => Math.max(count, seen - 1),
    }),
    plan: crashes,
  },
  {
    name: "a quorum of one less",
    section: "2.2",
    server: casRegisterWith({ isQuorum: (votes, nodes) => 2 * (votes + 1) > nodes }),
    plan: plain,
  },
  {
    name: "a vote that comes twice counts twice",
    section: "2.2",
    server: casRegisterWith({ isCounted: () => true }),
    plan: echoes,
  },
  {
    name: "votes of an earlier attempt are counted",
    section: "2.2",
    server: casRegisterWith({ isSameBallot: () => true }),
    plan: { options: { replyMs: 10, attempts: 8 } },
  },
  {
    name: "a read that is not written back",
    section: "2.2",
    server: casRegisterWith({ mustAccept: ({ type }) => type === "cas" }),
    plan: plain,
  },
  {
    name: "an attempt's own change taken for another's",
    section: "2.2",
    server: casRegisterWith({ isDone: () => false }),
    plan: { options: { replyMs: 20, attempts: 8 } },
  },
  {
    name: "a change in doubt said not to be made",
    section: "2.2",
    server: casRegisterWith({ isDefinite: () => true }),
    plan: { options: { replyMs: 20, attempts: 2 } },
  },
]);
