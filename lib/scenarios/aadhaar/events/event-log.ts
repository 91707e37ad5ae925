/** The authentication events of a day as columns in memory: 27 bytes an event. */
import { assert } from "../../../basics";
import { modalities } from "../../../generators";
import type { AuthenticationColumns } from "../../../generators";

export interface EventLog {
  readonly events: number;
  /** Milliseconds since midnight, ascending. */
  readonly timeMs: Uint32Array;
  readonly aadhaar: Float64Array;
  /** Index into `states` of the generators. */
  readonly state: Uint8Array;
  /** Number of the device within its state, from 1; 0 where none was used. */
  readonly device: Uint32Array;
  /** Index into `modalities` of the generators. */
  readonly modality: Uint8Array;
  /** 0 where the answer was yes. */
  readonly error: Uint16Array;
  readonly latencyMs: Uint32Array;
}

/** Blocks as `authenticationColumns` or `authenticationTravels` make them, put together. */
export function eventLog(blocks: Iterable<AuthenticationColumns>): EventLog {
  const all = [...blocks];
  const events = all.reduce((sum, { rows }) => sum + rows, 0);
  const log: EventLog = {
    events,
    timeMs: new Uint32Array(events),
    aadhaar: new Float64Array(events),
    state: new Uint8Array(events),
    device: new Uint32Array(events),
    modality: new Uint8Array(events),
    error: new Uint16Array(events),
    latencyMs: new Uint32Array(events),
  };
  let at = 0;
  for (const block of all) {
    log.timeMs.set(block.timeMs, at);
    log.aadhaar.set(block.aadhaar, at);
    log.state.set(block.state, at);
    log.device.set(block.device, at);
    log.modality.set(block.modality, at);
    log.error.set(block.error, at);
    log.latencyMs.set(block.latencyMs, at);
    at += block.rows;
  }
  assert(
    log.modality.every((one) => one < modalities.length),
    "an unknown modality",
  );
  return log;
}

/** Rows of the events with a key, ordered by key, then by time. `keyOf` below 0 leaves one out. */
export function rowsByKey(
  events: number,
  keyOf: (row: number) => number,
): { readonly rows: Uint32Array; readonly keys: Float64Array } {
  const keys = Float64Array.from({ length: events }, (_, row) => keyOf(row));
  const kept: number[] = [];
  for (let row = 0; row < events; row++) if (keys[row] >= 0) kept.push(row);
  const rows = Uint32Array.from(kept).sort((a, b) => keys[a] - keys[b] || a - b);
  return { rows, keys };
}
