/**
 * Scheduling: who does which task when. The durable task scheduler (board, server, workers and
 * clients), and beside it what schedulers are made of: times of cron, back-off, token buckets,
 * work stealing, and the theory of list scheduling.
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
export { takeTokens, tokenBucket, tokensAt } from "./token-bucket";
export type { Taken, TokenBucket, TokenBucketOptions } from "./token-bucket";
