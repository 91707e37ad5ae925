import type { Host, Message } from "./contract";

/** The same host with some of it replaced for one step: how a bug or a probe gets in between. */
export function aroundHost<M extends Message, T>(
  host: Host<M, T>,
  changes: Partial<Host<M, T>>,
): Host<M, T> {
  return {
    nowMs: host.nowMs,
    random: () => host.random(),
    send: (to, message) => host.send(to, message),
    setTimer: (timer, afterMs) => host.setTimer(timer, afterMs),
    cancelTimer: (timer) => host.cancelTimer(timer),
    save: (key, value) => host.save(key, value),
    note: (label, detail) => host.note(label, detail),
    ...changes,
  };
}
