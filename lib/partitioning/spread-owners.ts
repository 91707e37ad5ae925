/** Where the copies of a key go, when nodes stand in racks and racks in cities. */

/** Where a node stands; nodes without a rack share one of their city, and so on. */
export interface Home {
  readonly city?: string;
  readonly rack?: string;
}

/**
 * The first `count` of `candidates`, passing over nodes so that as many cities as possible have a
 * copy, then as many racks: "the preference list is built by skipping positions in the ring".
 *
 * Source: G. DeCandia et al., "Dynamo", SOSP 2007, sections 4.3 and 4.6, which tell the aim; the
 * order of the choices, cities before racks before place, is ours.
 */
export function spreadOwners(
  candidates: readonly string[],
  count: number,
  homeOf: (id: string) => Home,
): string[] {
  const chosen = new Set<string>();
  const cityOf = (id: string): string => homeOf(id).city ?? "";
  const rackOf = (id: string): string => JSON.stringify([cityOf(id), homeOf(id).rack ?? ""]);
  for (const placeOf of [cityOf, rackOf, (id: string): string => id]) {
    const taken = new Set([...chosen].map(placeOf));
    for (const id of candidates) {
      if (chosen.size >= count) break;
      if (chosen.has(id) || taken.has(placeOf(id))) continue;
      chosen.add(id);
      taken.add(placeOf(id));
    }
  }
  return candidates.filter((id) => chosen.has(id));
}
