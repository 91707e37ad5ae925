/** The verdicts on properties from one search, and one more for each "eventually". */
import type { Message } from "../../protocol";
import type { Exploration, ExplorerProperty, ExplorerVerdict } from "./options";
import { Search } from "./search";
import type { Space, State } from "./space";

type Finding = { readonly index: number; readonly why: string };

export function judge<M extends Message, T>(
  space: Space<M, T>,
  properties: readonly ExplorerProperty<M, T>[],
): Exploration<M, T> {
  const findings = new Map<ExplorerProperty<M, T>, Finding>();
  const stops = space.options.stopsAtViolation ?? true;
  const search = new Search(space, {
    onFound: (state, index) => {
      const isViolated = look(space, { state, index }, { properties, findings });
      return isViolated && stops ? "stop" : undefined;
    },
  }).run();
  const verdicts = properties.map((property) =>
    property.kind === "eventually"
      ? judgeEventually(space, property)
      : verdictOf(search, property, findings.get(property)),
  );
  const { states, steps, cut } = search;
  const isCut = cut.depth + cut.outside + cut.timerFirings > 0 || cut.hasMetMaxStates;
  const isStopped = search.isStopped && !cut.hasMetMaxStates;
  return {
    kind: isStopped ? "stopped" : isCut ? "bounded" : "complete",
    states: states.length,
    steps,
    depth: states[states.length - 1]?.depth ?? 0,
    cut,
    bounds: boundsOf(space),
    verdicts,
  };
}

/** Notes what is new in this state; true when an "always" is violated. */
function look<M extends Message, T>(
  space: Space<M, T>,
  { state, index }: { state: State; index: number },
  on: {
    properties: readonly ExplorerProperty<M, T>[];
    findings: Map<ExplorerProperty<M, T>, Finding>;
  },
): boolean {
  const open = on.properties.filter((p) => p.kind !== "eventually" && !on.findings.has(p));
  if (open.length === 0) return false;
  const view = space.view(state);
  let isViolated = false;
  for (const property of open) {
    const said = property.says(view);
    if ((said === true) !== (property.kind === "sometimes")) continue;
    const why = typeof said === "string" ? said : `${property.name} does not hold`;
    on.findings.set(property, { index, why });
    isViolated ||= property.kind === "always";
  }
  return isViolated;
}

function verdictOf<M extends Message, T>(
  search: Search<M, T>,
  { kind, name }: ExplorerProperty<M, T>,
  found: Finding | undefined,
): ExplorerVerdict<M, T> {
  if (found !== undefined) {
    const trace = search.traceTo(found.index);
    if (kind === "sometimes") return { kind: "holds", name, trace };
    return { kind: "violated", name, why: found.why, trace };
  }
  if (search.isStopped) return undecided(search, name);
  if (kind === "always") return { kind: "holds", name };
  const why = `it never happened in ${search.states.length} states`;
  return { kind: "violated", name, why };
}

function undecided<M extends Message, T>(
  search: Search<M, T>,
  name: string,
): ExplorerVerdict<M, T> {
  const why = `the search ended after ${search.states.length} states`;
  return { kind: "undecided", name, why };
}

/** Through the states where it has not happened yet: none of them may be an end. */
function judgeEventually<M extends Message, T>(
  space: Space<M, T>,
  property: ExplorerProperty<M, T>,
): ExplorerVerdict<M, T> {
  const { name } = property;
  let end: number | undefined;
  const search = new Search(space, {
    onFound: (state) => (property.says(space.view(state)) === true ? "leave" : undefined),
    onEnd: (_, index) => {
      end = index;
      return "stop";
    },
  }).run();
  if (end === undefined) {
    return search.isStopped ? undecided(search, name) : { kind: "holds", name };
  }
  const why = "a way comes to its end without it";
  return { kind: "violated", name, why, trace: search.traceTo(end) };
}

/** For people: what was allowed to happen. */
function boundsOf<M extends Message, T>({ options }: Space<M, T>): string {
  const { network = "unordered", isLossy, maxCrashes = 0, maxStates = 1_000_000 } = options;
  const { maxTimerFirings, maxDepth, symmetric, mayRing, isWithin } = options;
  const parts = [
    `${isLossy ? "lossy " : ""}${network} network`,
    `${maxCrashes} crashes`,
    maxTimerFirings === undefined ? "timers at any time" : `${maxTimerFirings} timers a node`,
    ...(mayRing ? ["not every timer rings"] : []),
    ...(isWithin ? ["states within a given limit"] : []),
    maxDepth === undefined ? "any depth" : `depth up to ${maxDepth}`,
    `up to ${maxStates} states`,
    ...(symmetric?.length ? [`${symmetric.join(", ")} interchangeable`] : []),
  ];
  return parts.join("; ");
}
