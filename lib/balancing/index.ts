/**
 * Which server takes the next request.
 *
 * `Pool` is the servers by number; a `Policy` (policies/) picks one of those that are open. Weights
 * are heeded by all of them but RoundRobin, JoinIdleQueue and Prequal, which go by turns, by who is
 * idle, and by probes. health/ says who is open; time is passed in, and each is plain data:
 *
 *   new ActiveHealth(options).checked(server, "ok" | "failed")        -> "up" | "down" | undefined
 *   new OutlierDetection(servers, options).answered(server, "ok" | "error" | "gateway", nowMs)
 *     -> Ejection | undefined; every intervalMs .interval(nowMs) -> { ejected, returned }; .add()
 *   new CircuitBreaker(options).permit(nowMs) -> permit | undefined, .ended(permit, outcome, nowMs)
 *   new RetryBudget(options).request(nowMs), .take(nowMs) -> "retry" | "exhausted"
 *   new SlowStart(options).start(pool, server, nowMs), .update(pool, nowMs) -> how many still ramp
 *   new Doors(pool, { panicShare }).close(server, "down" | "ejected" | "tripped"), .reopen(...)
 *   pool.drain(server), pool.isDrained(server), pool.keep(server), pool.add(server)
 *   new ScalingRule({ target, ... }).decide(servers, value, nowMs) -> how many servers to have
 *
 *   new ServerHealth(pool, { active, outliers, circuit, slowStart, panicShare }): all in one,
 *     .checked(...), .permit(...), .ended(...), .interval(nowMs), .look(...) -> what has changed
 *
 * serving/ has the protocol: `Balancer`, `BalancedServer` and `RequestClient` are nodes.
 * queueing/ simulates servers behind policies, after the formulas have agreed; `ballsInBins` is the
 * power of two choices without any time.
 */
import "../kernel/in-stock-kernel";
export { ballsInBins, mostInABin } from "./balls-in-bins";
export type { BallsInBinsOptions } from "./balls-in-bins";
export * from "./health";
export * from "./policies";
export type { BalancedRequest, Policy, ProbeAnswer } from "./policy";
export { Pool } from "./pool";
export type { Server } from "./pool";
export * from "./proxy";
export * from "./queueing";
export * from "./serving";
