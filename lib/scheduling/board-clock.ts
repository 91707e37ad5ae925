/**
 * The time that commands are stamped with: it goes on from the board's time while the server runs,
 * and takes no leaps; not when the clock is set, nor when the server stood still or was away. So a
 * server that comes back takes nobody's lease for the time in which nobody could have renewed it.
 *
 * Source: ours, as the lock service's clock.
 */
export interface BoardClock {
  timeMs: number;
  /** The own clock when it was last looked at; null: not since the start. */
  lookedMs: number | null;
}

/** `maxStepMs`: more than that between two looks does not count. */
export function readBoardClock(
  clock: BoardClock,
  own: { readonly nowMs: number; readonly boardMs: number; readonly maxStepMs: number },
): number {
  const movedMs = clock.lookedMs === null ? 0 : own.nowMs - clock.lookedMs;
  clock.lookedMs = own.nowMs;
  const trustedMs = Math.max(0, Math.min(movedMs, own.maxStepMs));
  clock.timeMs = Math.max(clock.timeMs + trustedMs, own.boardMs);
  return clock.timeMs;
}
