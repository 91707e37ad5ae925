import { InputError } from "../basics";
import type { HistoryEvent, HistoryEventType, Trace } from "../protocol";

const types: readonly string[] = ["invoke", "ok", "fail", "info"];

/**
 * The client history that a trace's notes tell: a client notes `invoke`, `ok`, `fail` or `info`
 * with the detail `{f, key?, value?}`; its node id is the process, the step's time the time. Other
 * notes are passed over. Throws InputError for such a note without an operation's name.
 */
export function historyOf(trace: Trace): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  for (const { atMs, node, effects } of trace) {
    for (const effect of effects) {
      if (effect.kind !== "note" || !types.includes(effect.label)) continue;
      const detail = effect.detail as { f?: unknown; key?: string | number; value?: unknown };
      if (typeof detail?.f !== "string") {
        const told = `${node} at ${atMs} ms notes "${effect.label}"`;
        throw new InputError(`${told} without the operation's name in detail.f`);
      }
      const { f, key, value } = detail;
      const type = effect.label as HistoryEventType;
      events.push({ process: node, type, f, key, value, time: atMs });
    }
  }
  return events;
}
