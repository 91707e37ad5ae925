/** What a worker does for a job of either kind; it loads the code of that kind alone. */
import { isGroupBy } from "./group-by/group-by";
import type { GroupByJob } from "./group-by/group-by";
import type { Job } from "./job";
import type { MapResult, MapSettings, MapTask } from "./map-settings";
import type { ReduceSettings } from "./reduce-task";
import type { OutputRef } from "./tasks";

export interface ReduceWork {
  readonly partition: number;
  readonly inputs: readonly OutputRef[];
}

export interface DataPlane {
  map(task: MapTask, settings: MapSettings): Promise<MapResult>;
  reduce(task: ReduceWork, settings: ReduceSettings): MapResult;
}

export function dataPlaneOf(job: Job | GroupByJob): DataPlane {
  return isGroupBy(job) ? toldPlane(job) : programmedPlane(job);
}

function toldPlane(job: GroupByJob): DataPlane {
  const { runGroupMap } = require("./group-by/group-map") as typeof import("./group-by/group-map");
  const { runGroupReduce } =
    require("./group-by/group-reduce") as typeof import("./group-by/group-reduce");
  return {
    map: (task, settings) => runGroupMap(job, task, settings),
    reduce: (task, settings) => runGroupReduce(job, task, settings),
  };
}

function programmedPlane(job: Job): DataPlane {
  const { runMapTask } = require("./map-task") as typeof import("./map-task");
  const { runReduceTask } = require("./reduce-task") as typeof import("./reduce-task");
  return {
    map: (task, settings) => runMapTask(job, task, settings),
    reduce: (task, settings) => runReduceTask(job, task, settings),
  };
}
