/** The body of a place that is a worker thread: started by `launchThread`. */
import { parentPort } from "worker_threads";
import type { Order } from "../real/channel";
import { servePlace } from "../real/serve-place";

const port = parentPort as NonNullable<typeof parentPort>;

servePlace({
  report: (report) => port.postMessage(report),
  onOrder: (listener) => void port.on("message", (order) => listener(order as Order)),
  // What was posted is delivered; with the port closed nothing keeps the thread alive.
  exit: () => port.close(),
});
