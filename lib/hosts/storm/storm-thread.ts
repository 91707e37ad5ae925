/** A worker thread that plays storms: it is sent ranges of seeds, and answers each with results. */
import { parentPort, workerData } from "worker_threads";
import { loadStorm } from "./definition";
import { playSeeds } from "./play-seeds";
import type { SeedRange } from "./play-seeds";

export interface StormThreadData {
  readonly modulePath: string;
  readonly variant: string | undefined;
}

const { modulePath, variant } = workerData as StormThreadData;
const definition = loadStorm(modulePath);

parentPort?.on("message", (range: SeedRange) => {
  parentPort?.postMessage(playSeeds(definition, range, variant));
});
