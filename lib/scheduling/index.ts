/**
 * Scheduling: who does which task when. The durable task scheduler, and beside it what schedulers
 * are made of: times of cron, back-off, token buckets, work stealing, theory of list scheduling.
 *
 * The scheduler: `TaskBoard` (pure: `do(command, { atMs, from })`, `ask(query)`, `takeNews()`) is
 * what `SchedulerServer` (one server, a log that survives kill -9) and `ReplicatedScheduler` (the
 * same on Raft) keep; `SchedulerWorker` { capabilities, slots, prefetch, service } does tasks, by
 * `registerTaskHandler(kind, async (payload, lease, { signal, tellProgress }) => result)` for real
 * (see `handlers.ts`); `SchedulerClient` { tasks | load, batch, window }
 * submits them and waits for their endings; `EffectStore` applies each one's effect once. All are
 * nodes: any host runs them by { module: "dabbawala/scheduling", exportName }. A message carries
 * as many tasks as there are: up to `batch` of a client's, `slots + prefetch` of a worker's.
 */
import "../kernel/in-stock-kernel";
export { backoffMs } from "./backoff";
export type { BackoffOptions, Jitter, RetryState } from "./backoff";
export { checkCron, nextCronMs } from "./cron";
export type { CronOptions } from "./cron";
export { gcra } from "./gcra";
export type { GcraStep } from "./gcra";
export * from "./task-queue";
export * from "./theory";
export * from "./work-stealing";
export { takeTokens, tokenBucket, tokensAt } from "./token-bucket";
export type { Taken, TokenBucket, TokenBucketOptions } from "./token-bucket";
export * from "./board";
export { SchedulerClient } from "./client";
export type { SchedulerClientOptions, TaskLoad } from "./client";
export { EffectStore } from "./effect-store";
export { registerTaskHandler } from "./handlers";
export type { HandlerContext, TaskHandler } from "./handlers";
export type { SchedulerMessage, SchedulerTimer } from "./messages";
export { ReplicatedScheduler } from "./replicated-scheduler";
export type { ReplicatedOptions } from "./replicated-scheduler";
export { SchedulerServer } from "./scheduler-server";
export type { SchedulerOptions } from "./scheduler-server";
export type { Ending, Failure, Lease, TaskSpec, TaskStatus, TaskView, Why } from "./task";
export { SchedulerWorker } from "./worker";
export type { Service, WorkerOptions } from "./worker";
export * from "./simulation";
export * from "./storm";
