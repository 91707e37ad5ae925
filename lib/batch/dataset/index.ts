/**
 * The partitioned data set: lazy, immutable, typed, run on worker threads; what is lost is computed
 * again from its lineage.
 *
 * Source: M. Zaharia et al., "Resilient Distributed Datasets: A Fault-Tolerant Abstraction for
 * In-Memory Cluster Computing", NSDI 2012. Ours runs on the cores of one machine.
 *
 *     const session = new DatasetSession({ workers: 2, cacheBytes: 256e6 });
 *     // resume: "folder": what was shared out for a shuffle outlives a process that is killed
 *     // Sources. Rows are plain data (anything that structuredClone takes).
 *     session.fromArray(rows, { partitions: 4 })                       // Dataset<T>
 *     session.csv(files, { columns: { train: "text", response_ms: "number" } })
 *                                              // Dataset<{ train: string; response_ms: number }>
 *     session.csv(files)                       // Dataset<Record<string, string>>: all as text
 *     session.csvLines(files)                  // Dataset<{ file, atByte, fields }>: to validate
 *     session.lines(files)                     // Dataset<string>
 *     session.jsonLines<T>(files); await session.parquet<T>(files, { columns })
 *     session.generate({ rows, partitions, seed, block })  // block(from, to, seed): Iterable<T>
 *     // Lazy steps; narrow unless marked (wide). Pair<K, V> is { key: K; value: V }; keys are
 *     // texts, numbers or booleans.
 *     .map(f) .filter(f) .flatMap(f) .keyBy(f) .mapValues(f) .mapPartitions((rows, partition) =>
 *     rows) .sample(share, { seed }) .union(other)
 *     .reduceByKey(f) .groupByKey() .join(other) .leftJoin(other) .cogroup(other) .distinct()
 *     .sortBy(f, { order }) .repartition(n)                            // (wide)
 *     .groupByColumns({ key: "train", aggregates: { n: count(), most: max("response_ms") } })
 *                                              // (wide); right on a CSV source it runs on bytes
 *     .cache({ onFull: "spill" })              // or "drop"; each worker's bound: cacheBytes
 *     .dropCached([partitions])                // as if they were lost
 *     // Actions; each takes { signal, onProgress }.
 *     await .collect() .count() .take(n) .fold(zero, f) .reduce(f) .checkpoint(folder)
 *     .explain()                               // the plan as text
 *     .picture()                               // { nodes, edges } for the figure `dag`
 *     // A function comes from a cell, with `{ scope: { names it uses } }` as last option, or is
 *     // `{ file: "/path/file.js", exportName }`. A scope may hold:
 *     session.broadcast(value)                 // in functions: `.value`; sent once a worker
 *     session.accumulator("bad rows")          // in functions: `.add(1)`; outside: `.value`
 *     session.lastJob                          // JobReport: tasks by stage, recomputedPartitions
 *     await session.close();
 */
export { DatasetCoordinator } from "./control/coordinator";
export type { DatasetCoordinatorOptions } from "./control/options";
export type { JobPlan, PlanStep } from "./control/messages";
export { Dataset } from "./dataset";
export type { SortOptions } from "./dataset";
export type { JobReport, JobSpan, StageReport } from "./job-report";
export type { ActionOptions, WideOptions } from "./options";
export type { Key, Pair } from "./pair";
export { DatasetSession } from "./session";
export type { CsvLine, CsvRow, SessionOptions } from "./session";
export { simulateDataset } from "./simulation/simulate-dataset";
export type { DatasetSimulationOptions, SimulatedDataset } from "./simulation/simulate-dataset";
export { Accumulator, Broadcast } from "./variables";
