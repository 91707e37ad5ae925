/** Sends a job to a worker thread: by its module, or as the source text of its functions. */
import { loadExport, receiveFunctions, shipFunctions } from "../../basics/ship-functions";
import type { ShippedFunctions } from "../../basics/ship-functions";
import { isGroupBy } from "./group-by/group-by";
import type { GroupByJob } from "./group-by/group-by";
import type { Job, JobModule } from "./job";

/** A job as it travels: plain data. */
export type ShippedJob =
  | GroupByJob
  | { readonly kind: "module"; readonly file: string; readonly exportName: string }
  | (ShippedFunctions & {
      readonly kind: "source";
      readonly name: string;
      readonly input: "lines" | "csv";
    });

export function shipJob(job: Job | GroupByJob): ShippedJob {
  if (isGroupBy(job)) return job;
  if (job.module && loadJob(job.module) === job) return { kind: "module", ...job.module };
  const { name, input = "lines", map, combine, partition, reduce, scope } = job;
  return {
    kind: "source",
    name,
    input,
    ...shipFunctions({ map, combine, partition, reduce }, scope),
  };
}

/** The job that was shipped, in the worker. */
export function receiveJob(shipped: ShippedJob): Job | GroupByJob {
  if (shipped.kind === "groupBy") return shipped;
  if (shipped.kind === "module") return loadJob(shipped);
  const { name, input } = shipped;
  return { ...(receiveFunctions(shipped) as unknown as Job), name, input };
}

function loadJob(module: JobModule): Job {
  return loadExport(module, "job") as Job;
}
