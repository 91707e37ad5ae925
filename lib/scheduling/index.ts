/**
 * Scheduling: who does which task when. The durable task scheduler (board, server, workers and
 * clients), and beside it what schedulers are made of: times of cron, back-off, token buckets,
 * work stealing, and the theory of list scheduling.
 */
import "../kernel/in-stock-kernel";
export {};
