/**
 * Variants of a protocol for its storms: planted bugs, each with one rule broken. Storms that do
 * not find them are worth nothing; `npm run mutants` says how soon they do.
 */
import type { StormDefinition } from "./definition";

export interface Variant<P> {
  /** For the command line: the name with hyphens. */
  readonly id: string;
  readonly name: string;
  /** Of the paper, where the rule stands that is broken. */
  readonly section: string;
  /** Where the storm should blow for this one; the seed draws the rest. */
  readonly plan: Partial<P>;
}

/** Gives each its id. */
export function withIds<V extends Variant<unknown>>(
  planted: readonly Omit<V, "id">[],
): readonly V[] {
  return planted.map((bug) => {
    return { ...bug, id: bug.name.replace(/'/g, "").replace(/\W+/g, "-") } as V;
  });
}

/** What a storm's definition says of its variants. */
export function tellVariants<V extends Variant<unknown>>(
  all: readonly V[],
): Pick<Required<StormDefinition>, "variants" | "about"> {
  return {
    variants: all.map(({ id }) => id),
    about: (variant) => `section ${all.find(({ id }) => id === variant)?.section}`,
  };
}
