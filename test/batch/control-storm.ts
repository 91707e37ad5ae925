/** One storm over a MapReduce job, by seed, and what must hold after it. */
import { describeCluster, expectedOutput, simulateJob } from "dabbawala/batch";
import type { Digest, SimulatedJob, SimulationOptions } from "dabbawala/batch";
import { at, crash, randomFaults } from "dabbawala/hosts";
import type { ScheduledFault } from "dabbawala/hosts";

const faultsEndMs = 20_000;
/** The job has this long after the last fault. */
const graceMs = 100_000;
const workers = 6;
const machines = Array.from({ length: workers }, (_, i) => `m${i + 1}`);
const executors = Array.from({ length: workers }, (_, i) => `xn${i + 1}`);
const often = { everyMs: 4_000, minMs: 500, maxMs: 9_000 };
const network = { ...often, maxLossRate: 0.3, maxDuplicateRate: 0.3, maxReorderRate: 0.5 };

/** Every fourth storm is of the network alone; in every third one machine dies for good. */
export function faultsOf(seed: number): ScheduledFault[] {
  if (seed % 4 === 0) return randomFaults({ seed, names: machines, untilMs: faultsEndMs, network });
  const isOneDoomed = seed % 3 === 0;
  const names = isOneDoomed ? machines.slice(0, -1) : machines;
  const faults = randomFaults({
    seed,
    names,
    untilMs: faultsEndMs,
    omitRate: 0.4,
    crash: { ...often, disk: "either" },
    pause: often,
    slow: { ...often, maxFactor: 20, names: executors },
    partition: { ...often, names: ["n0", "gfs", ...machines] },
    network,
  });
  return isOneDoomed ? [...faults, at(500 + seed * 7, crash(["m6"], "lost"))] : faults;
}

export function optionsOf(seed: number): SimulationOptions {
  return {
    seed,
    workers,
    maps: 12,
    reduces: 4,
    splitBytes: 4_000_000,
    recordsPerSplit: 50,
    badEvery: 97,
    replicas: 2,
    rackSize: 3,
    coordinator: { backupShare: seed % 2 === 0 ? 0.3 : 0, backupFactor: seed % 5 === 0 ? 0 : 1.5 },
    faults: faultsOf(seed),
    untilMs: faultsEndMs + graceMs,
    maxEvents: 100_000,
  };
}

/** The job after its storm; its violations in words, none when all is right. */
export function storm(
  seed: number,
  variant: SimulationOptions["variant"] = {},
): { job?: SimulatedJob; violations: readonly string[] } {
  const options = { ...optionsOf(seed), variant, isTraced: seed % 4 === 0 };
  try {
    const job = simulateJob(options);
    const { plan, workload } = describeCluster(options);
    const expected = expectedOutput(plan.splits.length, workload);
    const read = plan.splits.length * workload.recordsPerSplit;
    const violations = [
      ...ended(job),
      ...exactOutput(job, expected, read),
      ...onceEach(job, expected.length),
      ...deliveredAnswers(job),
    ];
    return { job, violations };
  } catch (error) {
    return { violations: [`broken off: ${(error as Error).message}`] };
  }
}

function ended({ kind, reason }: SimulatedJob): string[] {
  return kind === "done" ? [] : [`the job is ${kind} ${graceMs} ms after the faults: ${reason}`];
}

function exactOutput(
  { output, counters, kind }: SimulatedJob,
  expected: readonly Digest[],
  read: number,
): string[] {
  if (kind !== "done") return [];
  const reduced = expected.reduce((sum, { records }) => sum + records, 0);
  const exact = { recordsRead: read, badRecords: read - reduced, recordsReduced: reduced };
  return [
    ...(JSON.stringify(output) === JSON.stringify(expected) ? [] : ["the output is another one"]),
    ...Object.entries(exact)
      .filter(([name, value]) => counters[name] !== value)
      .map(([name, value]) => `counter ${name} is ${counters[name]}, not ${value}`),
  ];
}

/** A task that is done is done once, until it is opened again; at the end every reduce is done. */
function onceEach({ notes, kind, maps }: SimulatedJob, reduces: number): string[] {
  const done = new Set<number>();
  const violations: string[] = [];
  for (const { label, detail } of notes) {
    const taskId = label === "taskDone" ? (detail as { taskId: number }).taskId : Number(detail);
    if (label === "taskDone" && done.has(taskId)) violations.push(`task ${taskId} is done twice`);
    if (label === "taskDone") done.add(taskId);
    if (label === "taskRedone" && !done.delete(taskId))
      violations.push(`${taskId} redone, not done`);
  }
  const reducesDone = [...done].filter((taskId) => taskId >= maps).length;
  if (kind === "done" && reducesDone < reduces) violations.push(`only ${reducesDone} reduces done`);
  return violations;
}

/**
 * In storms of the network alone: what was executed reaches the coordinator, retried till noted.
 */
function deliveredAnswers({ trace, elapsedMs }: SimulatedJob): string[] {
  const delivered = new Set<number>();
  const executed = new Map<number, number>();
  for (const { node, event, atMs } of trace) {
    if (event.kind !== "message") continue;
    const { message } = event;
    if (message.type === "executed") executed.set(message.attemptId, atMs);
    if (message.type === "ended" && node === "n0") delivered.add(message.answer.attemptId);
  }
  const heartbeats = 20 * 500;
  return [...executed]
    .filter(([attemptId, atMs]) => atMs < elapsedMs - heartbeats && !delivered.has(attemptId))
    .map(([attemptId]) => `the answer of attempt ${attemptId} never arrived`);
}
