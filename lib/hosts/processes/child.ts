/** The body of a place that is a process: started by `launchProcess`, talks over IPC. */
import type { Order, Report } from "../real/channel";
import { servePlace } from "../real/serve-place";

// Whoever started this process is gone: nobody would ever stop it.
process.on("disconnect", () => process.exit(0));

servePlace({
  report: (report: Report) => {
    if (process.connected) process.send?.(report);
  },
  onOrder: (listener) => void process.on("message", (order) => listener(order as Order)),
  // IPC is in order: when this has left, all that was reported before has.
  exit: () => void process.send?.({ kind: "stopped" } satisfies Report, () => process.exit(0)),
});
