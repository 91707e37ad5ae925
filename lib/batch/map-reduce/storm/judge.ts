/** What must hold of a job after its storm. */
import type { StormFailure } from "../../../hosts";
import { TaskLedger } from "../../storm/task-ledger";
import { describeCluster } from "../simulation/simulate-job";
import type { SimulatedJob, SimulationOptions } from "../simulation/simulate-job";
import { expectedOutput } from "../simulation/workload";
import { graceMs } from "./plan";

/** The first thing that is wrong. */
export function judge(job: SimulatedJob, options: SimulationOptions): StormFailure | undefined {
  const { plan, workload } = describeCluster(options);
  const output = expectedOutput(plan.splits.length, workload);
  const read = plan.splits.length * workload.recordsPerSplit;
  const reduced = output.reduce((sum, { records }) => sum + records, 0);
  const counters = { recordsRead: read, badRecords: read - reduced, recordsReduced: reduced };
  const ledger = new TaskLedger();
  for (const note of job.notes) ledger.hear(note);
  return (
    ledger.failure ??
    ended(job) ??
    exactOutput(job, output) ??
    exactCounters(job, counters) ??
    everyReduce(ledger, job, output.length) ??
    deliveredAnswers(job)
  );
}

function ended({ kind, reason }: SimulatedJob): StormFailure | undefined {
  if (kind === "done") return undefined;
  const detail = `the job is ${kind} ${graceMs} ms after the faults: ${reason}`;
  return { property: "jobEnds", detail };
}

function exactOutput(
  { output }: SimulatedJob,
  expected: SimulatedJob["output"],
): StormFailure | undefined {
  if (JSON.stringify(output) === JSON.stringify(expected)) return undefined;
  return { property: "exactOutput", detail: "the output is another one" };
}

function exactCounters(
  { counters }: SimulatedJob,
  expected: Readonly<Record<string, number>>,
): StormFailure | undefined {
  const wrong = Object.entries(expected).find(([name, value]) => counters[name] !== value);
  if (wrong === undefined) return undefined;
  const detail = `counter ${wrong[0]} is ${counters[wrong[0]]}, not ${wrong[1]}`;
  return { property: "exactCounters", detail };
}

function everyReduce(
  ledger: TaskLedger,
  { maps }: SimulatedJob,
  reduces: number,
): StormFailure | undefined {
  const found = [...ledger.done].filter(([taskId]) => taskId >= maps).length;
  if (found >= reduces) return undefined;
  return { property: "everyReduce", detail: `only ${found} of ${reduces} reduces are done` };
}

/** What was executed reaches a coordinator that lives, repeated till it is noted; wants a trace. */
function deliveredAnswers({ trace, elapsedMs }: SimulatedJob): StormFailure | undefined {
  const delivered = new Set<number>();
  const executed = new Map<number, number>();
  for (const { node, event, atMs } of trace) {
    if (event.kind !== "message") continue;
    const { message } = event;
    if (message.type === "executed") executed.set(message.attemptId, atMs);
    if (message.type === "ended" && node === "n0") delivered.add(message.answer.attemptId);
  }
  const heartbeats = 20 * 500;
  const lost = [...executed].find(
    ([attemptId, atMs]) => atMs < elapsedMs - heartbeats && !delivered.has(attemptId),
  );
  if (lost === undefined) return undefined;
  return { property: "answersArrive", detail: `the answer of attempt ${lost[0]} never arrived` };
}
