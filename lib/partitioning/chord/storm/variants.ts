/** Planted bugs: Chord with one rule broken each, and Chord as it was first published. */
import { withIds } from "../../../hosts";
import type { Variant } from "../../../hosts";
import { Chord } from "../chord";
import type { ChordHost } from "../messages";
import { chordRules, originalRules } from "../rules";
import type { ChordRules } from "../rules";
import type { Finding, Search } from "../state";
import type { ChordStormPlan } from "./plan";

export interface ChordVariant extends Variant<ChordStormPlan> {
  readonly node: typeof Chord;
}

/** Chord with some rules replaced. */
export function chordWith(broken: Partial<ChordRules>): typeof Chord {
  return class extends Chord {
    override get rules(): ChordRules {
      return { ...chordRules, ...broken };
    }
  };
}

/** Lookups end a node too early: at find_predecessor, not at find_successor. */
class ShortLookups extends Chord {
  override onFound(search: Search, finding: Finding, host: ChordHost): void {
    const owners = search.goal.kind === "owner" ? [finding.before] : finding.owners;
    super.onFound(search, { ...finding, owners }, host);
  }
}

const churn = { weather: "churn", bursts: 6, founders: 8, joiners: 10 } as const;

export const chordVariants = withIds<ChordVariant>([
  {
    name: "the rules as first published",
    section: "IV.E, and Zave 2017",
    node: chordWith(originalRules),
    plan: churn,
  },
  {
    name: "a member with a successor and no list",
    section: "Zave 2017",
    node: chordWith({ joinsWithList: false }),
    plan: churn,
  },
  {
    name: "lists that nobody copies",
    section: "IV.E.3",
    node: chordWith({ copiesLists: false }),
    plan: churn,
  },
  {
    name: "a lookup that ends before the owner",
    section: "IV.D",
    node: ShortLookups,
    plan: churn,
  },
  {
    name: "a dead predecessor is never forgotten",
    section: "IV.E.1",
    node: chordWith({ checksPredecessor: false }),
    plan: churn,
  },
  {
    name: "a block acknowledged by its owner alone",
    section: "IV.E.3",
    node: chordWith({ waitsForCopies: false }),
    plan: churn,
  },
  {
    name: "copies that nobody makes again",
    section: "Cates 3",
    node: chordWith({ repairsCopies: false }),
    plan: churn,
  },
]);
