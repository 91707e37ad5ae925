/**
 * Planted bugs: the store with one rule broken each. Storms that do not find them are worth
 * nothing, so each must be found; `npm run mutants` says how soon.
 */
import { withIds } from "../../../hosts";
import type { Variant } from "../../../hosts";
import { aroundHost } from "../../../protocol";
import type { Event } from "../../../protocol";
import { Dynamo } from "../dynamo";
import type { DynamoMessage, DynamoTimer } from "../messages";
import { dynamoRules } from "../rules";
import type { DynamoRules } from "../rules";
import type { DynamoClass } from "../simulation/cluster";
import type { DynamoHost } from "../state";
import type { DynamoStormPlan } from "./plan";

export interface DynamoVariant extends Variant<DynamoStormPlan> {
  readonly server: DynamoClass;
}

/** The store with some rules replaced. */
export function dynamoWith(broken: Partial<DynamoRules>): DynamoClass {
  return class extends Dynamo {
    override get rules(): DynamoRules {
      return { ...dynamoRules, ...broken };
    }
  };
}

/** Says that it has stored what only its memory has. */
class Forgetful extends Dynamo {
  override handle(event: Event<DynamoMessage, DynamoTimer>, host: DynamoHost): void {
    const save = (key: string, value: unknown): void => {
      if (!key.startsWith("entry/")) host.save(key, value);
    };
    super.handle(event, aroundHost(host, { save }));
  }
}

const crashes = { everyMs: 300, minMs: 5, maxMs: 300 } as const;
const strict = { isSloppy: false, readQuorum: 2, writeQuorum: 2 } as const;
const sloppy = { ...strict, isSloppy: true } as const;
const changing = { operateMs: 120, options: strict } as const;

/** Some have not heard of the last change, and much that would bring all up to date is lost. */
const straggling: Partial<DynamoStormPlan> = {
  ...{ operateMs: 120, deleteRate: 0, keys: 3, thinkMs: 10, operationsEach: 160 },
  faults: { network: { everyMs: 100, minMs: 500, maxMs: 900, maxLossRate: 0.5 } },
  options: { ...strict, readRepair: "none", antiEntropyMs: 1_000 },
};

export const dynamoVariants = withIds<DynamoVariant>([
  {
    name: "one answer too few is a quorum",
    section: "4.5",
    server: dynamoWith({ quorum: (wanted) => Math.max(1, wanted - 1) }),
    plan: { operateMs: 0, options: strict },
  },
  {
    name: "of two versions only one is kept",
    section: "4.4",
    server: dynamoWith({
      merge: (left, right) => dynamoRules.merge(left, right).slice(-1),
    }),
    plan: { operateMs: 0, options: strict },
  },
  {
    name: "replaced versions are kept",
    section: "4.4",
    server: dynamoWith({
      merge: (left, right) => {
        const known = new Set(left.map(({ dot }) => `${dot.actor} ${dot.count}`));
        const more = right.filter(({ dot }) => !known.has(`${dot.actor} ${dot.count}`));
        return [...left, ...more];
      },
    }),
    plan: { operateMs: 0, options: strict },
  },
  {
    name: "a context that claims what nobody showed",
    section: "4.4",
    server: dynamoWith({
      answered: (versions, added) => {
        const shown = Object.entries(dynamoRules.answered(versions, added));
        return Object.fromEntries(shown.map(([actor, count]) => [actor, count + 1]));
      },
    }),
    plan: { operateMs: 0, options: strict },
  },
  {
    name: "a coordinator sends its own version alone",
    section: "4.4",
    server: dynamoWith({
      replicated: (versions, added) => (added.length > 0 ? added : versions),
    }),
    plan: { operateMs: 0, keys: 1, options: { ...strict, readRepair: "none" } },
  },
  {
    name: "an actor that has forgotten counts from one again",
    section: "4.4",
    server: dynamoWith({ actor: (id) => id }),
    plan: { keys: 2, options: sloppy },
  },
  {
    name: "hints thrown away when they are sent",
    section: "4.6",
    server: dynamoWith({ isHintKept: () => false }),
    plan: { options: { ...sloppy, writeQuorum: 1 } },
  },
  {
    name: "trees that do not tell versions apart",
    section: "4.7",
    server: dynamoWith({ digest: () => "there" }),
    plan: { options: { ...strict, readRepair: "none" } },
  },
  {
    name: "copies that are not saved",
    section: "5",
    server: Forgetful,
    plan: { operateMs: 0, faults: { crash: crashes }, options: strict },
  },
  {
    name: "an actor of an earlier life",
    section: "4.4",
    server: dynamoWith({ actor: (id, _life, births) => `${id}.${births}` }),
    plan: { faults: { crash: crashes }, options: strict },
  },
  {
    name: "a repeated put is done again",
    section: "4.4",
    server: dynamoWith({ isRepeated: () => false }),
    plan: { operateMs: 0, options: strict },
  },
  {
    name: "tombstones forgotten at once",
    section: "4.4",
    server: dynamoWith({ isForgotten: () => true }),
    plan: { operateMs: 0, deleteRate: 0.5, options: strict },
  },
  {
    name: "changes of the ring begin without agreement",
    section: "4.8",
    server: dynamoWith({ isAgreed: () => true }),
    plan: changing,
  },
  {
    name: "requests of an earlier ring are served",
    section: "4.8",
    server: dynamoWith({ mayServe: () => true }),
    plan: straggling,
  },
  {
    name: "only new owners count while the ring changes",
    section: "4.8",
    server: dynamoWith({ quorumLists: (_, now) => [now] }),
    plan: changing,
  },
  {
    name: "only old owners count while the ring changes",
    section: "4.8",
    server: dynamoWith({ quorumLists: (old) => [old] }),
    plan: changing,
  },
  {
    name: "a newcomer copies from one owner alone",
    section: "4.8",
    server: dynamoWith({ sources: () => 1 }),
    plan: changing,
  },
]);
