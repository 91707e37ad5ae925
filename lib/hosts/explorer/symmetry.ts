/**
 * The key of a state: equal for states that differ only in which of the interchangeable nodes is
 * which.
 *
 * Source: C. N. Ip, D. L. Dill, "Better verification through symmetry", 1996. Ours takes the
 * smallest key over all permutations, so that there is exactly one for each class of states.
 * Cost: k! look-ups a state for k interchangeable nodes.
 */
import type { Message } from "../../protocol";
import { renamed } from "./canonical";
import type { Envelope } from "./options";
import type { Local } from "./place";
import type { Space, State } from "./space";

interface Permutation {
  readonly names: ReadonlyMap<string, string>;
  /** Where the node of each place goes. */
  readonly goesTo: readonly number[];
  readonly locals: number[];
  readonly envelopes: number[];
  readonly histories: number[];
}

/** A function from states to keys, which knows of each value what it becomes when renamed. */
export function keyFunction<M extends Message, T>(space: Space<M, T>): (state: State) => string {
  const permutations = permutationsOf(space);
  if (permutations.length === 0) return keyOf;
  return (state) => {
    let least = keyOf(state);
    for (const permutation of permutations) {
      const key = keyOf(permuted(space, state, permutation));
      if (key < least) least = key;
    }
    return least;
  };
}

/** One text for each state, as short as it can be read: all have as many locals. */
function keyOf({ locals, network, history, crashes }: State): string {
  const units: number[] = [];
  write(crashes, units);
  write(history, units);
  for (const local of locals) write(local, units);
  for (const envelope of network) write(envelope, units);
  return String.fromCharCode(...units);
}

/** A number below 2^30 as one character, or as two whose first has the highest bit. */
function write(number: number, units: number[]): void {
  if (number < 0x8000) units.push(number);
  else units.push(0x8000 | (number >>> 15), number & 0x7fff);
}

function permuted<M extends Message, T>(
  space: Space<M, T>,
  state: State,
  { names, goesTo, locals, envelopes, histories }: Permutation,
): State {
  const moved = state.locals.slice();
  state.locals.forEach((local, place) => {
    moved[goesTo[place]] = locals[local] ??= space.locals.numberOf(
      renamed(space.locals.get(local), names) as Local<T>,
    );
  });
  const network = state.network.map(
    (number) =>
      (envelopes[number] ??= space.envelope(
        renamed(space.envelopes.get(number), names) as Envelope<M>,
      )),
  );
  const history = (histories[state.history] ??= space.histories.numberOf(
    renamed(space.histories.get(state.history), names),
  ));
  return { ...state, locals: moved, network: space.joined([], network), history };
}

/** All but the one that changes nothing. */
function permutationsOf<M extends Message, T>({ options, places }: Space<M, T>): Permutation[] {
  const group = options.symmetric ?? [];
  const placeOf = new Map(places.map(({ id }, place) => [id, place]));
  return orders(group)
    .slice(1)
    .map((order) => {
      const names = new Map(group.map((name, index) => [name, order[index]]));
      const goesTo = places.map(({ id }) => placeOf.get(names.get(id) ?? id) as number);
      return { names, goesTo, locals: [], envelopes: [], histories: [] };
    });
}

/** All orders; the given one comes first. */
function orders(names: readonly string[]): string[][] {
  if (names.length === 0) return [[]];
  return names.flatMap((first) =>
    orders(names.filter((name) => name !== first)).map((rest) => [first, ...rest]),
  );
}
