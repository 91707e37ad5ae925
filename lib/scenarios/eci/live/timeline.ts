/**
 * The counting day in panes: what is known at the end of each, all from the beginning.
 *
 * Source: T. Akidau et al., "The Dataflow Model", VLDB 2015, section 2.3: accumulating panes. Panes
 * that forget, as a group-by of each five minutes by itself, have the winner of five minutes.
 */
import { wholeInRange } from "../../../basics";
import type { VotesRow } from "../../../generators/votes";
import type { LiveCount } from "./live-count";

export interface Pane {
  /** Its end, as "08:05". */
  readonly until: string;
  /** That came in it, duplicates too. */
  readonly uploads: number;
  /** Of them those that were counted before the pane began: late by so much at least. */
  readonly late: number;
  /** Share of the ballots issued that are counted or rejected by then, 0 to 1. */
  readonly counted: number;
  /** Constituencies by party: declared, and ahead where nobody is yet. */
  readonly declared: Readonly<Record<string, number>>;
  readonly leading: Readonly<Record<string, number>>;
}

const minuteMs = 60_000;

/**
 * Feeds `live` with `rows`, which stand in the order of `received`, and looks at it at the end of
 * every pane. `everyMinutes`: 1 to 720, default 5.
 */
export function liveTimeline(
  live: LiveCount,
  rows: Iterable<VotesRow>,
  { everyMinutes = 5 }: { everyMinutes?: number } = {},
): Pane[] {
  wholeInRange("everyMinutes", everyMinutes, { min: 1, max: 720 });
  const panes: Pane[] = [];
  let [end, uploads, late] = [0, 0, 0];
  const close = (): void => {
    panes.push({ until: clock(end), uploads, late, ...lookAt(live) });
    [uploads, late] = [0, 0];
  };
  for (const row of rows) {
    const at = minutesOf(row.received);
    if (end === 0) end = nextEnd(at, everyMinutes);
    for (; at >= end; end += everyMinutes) close();
    live.receive(row);
    uploads++;
    if (minutesOf(row.time) < end - everyMinutes) late++;
  }
  if (uploads > 0) close();
  return panes;
}

function nextEnd(at: number, every: number): number {
  return (Math.floor(at / every) + 1) * every;
}

function lookAt(live: LiveCount): Pick<Pane, "counted" | "declared" | "leading"> {
  const declared: Record<string, number> = {};
  const leading: Record<string, number> = {};
  let [settled, issued] = [0, 0];
  for (const { declaration, decision, candidates, tally, outstanding } of live.standings()) {
    settled += tally.issued;
    issued += tally.issued + outstanding;
    if (declaration !== undefined) addTo(declared, declaration.party);
    else if (decision.kind === "leading" && tally.uploads > 0) {
      addTo(leading, candidates[decision.serial - 1].party);
    }
  }
  return { counted: issued === 0 ? 0 : settled / issued, declared, leading };
}

function addTo(counts: Record<string, number>, party: string): void {
  counts[party] = (counts[party] ?? 0) + 1;
}

/** Minutes since midnight of an ISO time, with fractions. */
function minutesOf(time: string): number {
  return (Date.parse(`${time}Z`) - Date.parse(`${time.slice(0, 10)}T00:00:00Z`)) / minuteMs;
}

function clock(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
