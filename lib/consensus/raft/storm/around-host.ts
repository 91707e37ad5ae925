import type { Host } from "../../../protocol";
import type { RaftMessage, RaftTimer } from "../messages";

export type RaftHost = Host<RaftMessage, RaftTimer>;

/** The same host with some of it replaced, for one step. */
export function aroundHost(host: RaftHost, changes: Partial<RaftHost>): RaftHost {
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
