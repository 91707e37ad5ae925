/**
 * How long a suspect may deny it (SWIM 4.2): a fixed time, or with Lifeguard a long one that every
 * independent accuser shortens (section IV-B, "dogpile"): a member that suspects alone is likely
 * the one that is ill.
 */
import type { NodeId } from "../../protocol";
import type { SwimHost } from "./messages";
import type { Suspicion, SwimState } from "./state";
import { remainingSuspicionMs, suspicionTimeoutMs } from "./timing";
import type { Update } from "./updates";

export function startSuspicion(state: SwimState, update: Update, host: SwimHost): void {
  const { suspicionMultiplier, periodMs } = state.options;
  const { living } = state.table;
  const wanted = Math.floor(suspicionMultiplier) - 2;
  const suspicion: Suspicion = {
    sinceMs: host.nowMs,
    minMs: suspicionTimeoutMs(suspicionMultiplier, living, periodMs),
    expected: wanted < 1 || living - 2 < wanted ? 0 : wanted,
    accusers: [update.by],
  };
  state.suspicions.set(update.member, suspicion);
  host.setTimer(`suspicion/${update.member}`, remainingMs(state, suspicion, host.nowMs));
}

/** True when it is an accuser that counts. */
export function confirmSuspicion(state: SwimState, update: Update, host: SwimHost): boolean {
  const suspicion = state.suspicions.get(update.member);
  if (suspicion === undefined || !state.options.hasLifeguard) return false;
  const { accusers, expected } = suspicion;
  if (accusers.length > expected || accusers.includes(update.by)) return false;
  accusers.push(update.by);
  host.setTimer(`suspicion/${update.member}`, remainingMs(state, suspicion, host.nowMs));
  return true;
}

export function endSuspicion(state: SwimState, member: NodeId, host: SwimHost): void {
  if (state.suspicions.delete(member)) host.cancelTimer(`suspicion/${member}`);
}

/** At least 0; a clock that was set back does not make it longer than it was at first. */
function remainingMs({ options }: SwimState, suspicion: Suspicion, nowMs: number): number {
  const { minMs, expected, accusers, sinceMs } = suspicion;
  const maxMs = options.hasLifeguard ? options.maxSuspicionFactor * minMs : minMs;
  const elapsedMs = Math.max(0, nowMs - sinceMs);
  const confirmations = accusers.length - 1;
  return Math.max(0, remainingSuspicionMs({ confirmations, expected, elapsedMs, minMs, maxMs }));
}
