/**
 * Counting ballots that rank the candidates: Borda, instant runoff, Condorcet and Schulze, beside
 * first past the post, which counts first choices alone and is how India votes.
 *
 * Source: J.-C. de Borda, "Memoire sur les elections au scrutin" (1781); M. de Condorcet, "Essai
 * sur l'application de l'analyse" (1785); M. Schulze, "A new monotonic, clone-independent,
 * reversal symmetric, and Condorcet-consistent single-winner election method", Social Choice and
 * Welfare 36 (2011), sections 2.2 and 2.3 (strongest paths by winning votes).
 * Guarantees: a Condorcet winner, where there is one, is Schulze's.
 * Cost: votes x candidates for the pairs, candidates cubed for the strongest paths.
 */
import { InputError } from "../../basics";

/** So many voters rank the candidates so: the best first, every candidate once. */
export interface RankedBallots {
  readonly voters: number;
  readonly ranking: readonly string[];
}

export interface RankedResult {
  /** First choices by candidate. */
  readonly firstChoices: Readonly<Record<string, number>>;
  /** Points: for each voter as many as candidates ranked behind. */
  readonly borda: Readonly<Record<string, number>>;
  /** Who wins; several where they are level. */
  readonly winners: {
    readonly firstPastThePost: readonly string[];
    readonly borda: readonly string[];
    readonly instantRunoff: readonly string[];
    /** Empty where nobody beats all others. */
    readonly condorcet: readonly string[];
    readonly schulze: readonly string[];
  };
  /** In instant runoff: who left, in order; several at once where they were level. */
  readonly eliminated: readonly (readonly string[])[];
  /** Best first; candidates on one place are level. */
  readonly schulzeOrder: readonly (readonly string[])[];
}

/** Throws InputError for ballots that do not rank the same candidates, each once. */
export function countRanked(ballots: readonly RankedBallots[]): RankedResult {
  const names = checkBallots(ballots);
  const firstChoices = pointsOf(ballots, names, (place) => (place === 0 ? 1 : 0));
  const borda = pointsOf(ballots, names, (place) => names.length - 1 - place);
  const pairs = pairsOf(ballots, names);
  const { winners: instantRunoff, eliminated } = runOff(ballots, names);
  const schulzeOrder = orderBy(names, strongestPaths(pairs));
  const beatsAll = (one: number): boolean =>
    names.every((_, other) => one === other || pairs[one][other] > pairs[other][one]);
  return {
    ...{ firstChoices, borda, eliminated, schulzeOrder },
    winners: {
      firstPastThePost: mostOf(firstChoices),
      borda: mostOf(borda),
      instantRunoff,
      condorcet: names.filter((_, at) => beatsAll(at)),
      schulze: schulzeOrder[0],
    },
  };
}

function checkBallots(ballots: readonly RankedBallots[]): string[] {
  const names = [...(ballots[0]?.ranking ?? [])].sort();
  if (names.length === 0) throw new InputError("ranked ballots need at least one candidate");
  for (const { voters, ranking } of ballots) {
    const isSame = [...ranking].sort().join("\n") === names.join("\n");
    if (!isSame || new Set(ranking).size !== names.length) {
      throw new InputError(
        `a ballot ranks ${ranking.join(", ")}, not ${names.join(", ")} once each`,
      );
    }
    if (!Number.isSafeInteger(voters) || voters < 0) {
      throw new InputError(`voters are a whole number from 0, not ${voters}`);
    }
  }
  return names;
}

function pointsOf(
  ballots: readonly RankedBallots[],
  names: readonly string[],
  pointsAt: (place: number) => number,
): Record<string, number> {
  const points = Object.fromEntries(names.map((name) => [name, 0]));
  for (const { voters, ranking } of ballots) {
    ranking.forEach((name, place) => (points[name] += voters * pointsAt(place)));
  }
  return points;
}

function mostOf(points: Readonly<Record<string, number>>): string[] {
  const most = Math.max(...Object.values(points));
  return Object.keys(points).filter((name) => points[name] === most);
}

/** Element [a][b]: voters who rank a before b. */
function pairsOf(ballots: readonly RankedBallots[], names: readonly string[]): number[][] {
  const pairs = names.map(() => new Array<number>(names.length).fill(0));
  for (const { voters, ranking } of ballots) {
    const order = ranking.map((name) => names.indexOf(name));
    order.forEach((one, place) => {
      for (const other of order.slice(place + 1)) pairs[one][other] += voters;
    });
  }
  return pairs;
}

/** Section 2.3: Floyd and Warshall, where a path is as strong as its weakest step. */
function strongestPaths(pairs: readonly (readonly number[])[]): number[][] {
  const paths = pairs.map((row, one) =>
    row.map((votes, other) => (votes > pairs[other][one] ? votes : 0)),
  );
  for (const [via] of paths.entries()) {
    for (const [from] of paths.entries()) {
      for (const [to] of paths.entries()) {
        if (from === to || from === via || to === via) continue;
        const by = Math.min(paths[from][via], paths[via][to]);
        paths[from][to] = Math.max(paths[from][to], by);
      }
    }
  }
  return paths;
}

/** By how many others each is ahead of; the relation is transitive, so that this is its order. */
function orderBy(names: readonly string[], paths: readonly (readonly number[])[]): string[][] {
  const wins = names.map((_, one) => {
    return names.filter((__, other) => paths[one][other] > paths[other][one]).length;
  });
  const places = [...new Set(wins)].sort((a, b) => b - a);
  return places.map((count) => names.filter((_, at) => wins[at] === count));
}

/** Whoever has fewest first choices leaves, until one has more than half or all are level. */
function runOff(
  ballots: readonly RankedBallots[],
  names: readonly string[],
): { winners: string[]; eliminated: string[][] } {
  const eliminated: string[][] = [];
  const voters = ballots.reduce((sum, ballot) => sum + ballot.voters, 0);
  for (let left = [...names]; ;) {
    const reduced = ballots.map((ballot) => ({
      voters: ballot.voters,
      ranking: ballot.ranking.filter((name) => left.includes(name)),
    }));
    const points = pointsOf(reduced, left, (place) => (place === 0 ? 1 : 0));
    const leaders = mostOf(points);
    const least = Math.min(...Object.values(points));
    const last = left.filter((name) => points[name] === least);
    const isOver = points[leaders[0]] * 2 > voters || last.length === left.length;
    if (isOver) return { winners: leaders, eliminated };
    eliminated.push(last);
    left = left.filter((name) => !last.includes(name));
  }
}
