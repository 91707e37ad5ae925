/**
 * What queueing theory says of servers, to hold a simulation against before it is believed. Rates
 * are in requests a second, times in seconds; arrivals are Poisson, queues first come first served.
 *
 * Source: L. Kleinrock, "Queueing Systems, Volume 1", 1975: M/M/1 (3.2), M/M/m (3.5, Erlang's
 * formulas of 1917), M/G/1 (5.6, Pollaczek and Khinchine). The fixed point of the power of choices:
 * M. Mitzenmacher, "The power of two choices in randomized load balancing", 2001, theorem 1.
 */
import { inRange, wholeInRange } from "../../basics";

export interface Load {
  /** Requests that arrive a second, at all servers together. */
  readonly arrivalRate: number;
  /** Requests that one server can do a second. */
  readonly serviceRate: number;
  /** Default 1. */
  readonly servers?: number;
}

/** The share of the time in which a server works. RangeError from 1 on: the queue would not end. */
export function utilisation({ arrivalRate, serviceRate, servers = 1 }: Load): number {
  inRange("arrivalRate", arrivalRate, { min: 0, max: 1e12 });
  inRange("serviceRate", serviceRate, { min: 1e-12, max: 1e12 });
  wholeInRange("servers", servers, { min: 1, max: 1e6 });
  const share = arrivalRate / serviceRate / servers;
  if (share < 1) return share;
  throw new RangeError(`servers that are busy for ${share} of the time never catch up: below 1`);
}

/** Erlang's C: the share of requests that find all servers of an M/M/c busy. */
export function waitingShare(load: Load): number {
  const { arrivalRate, serviceRate, servers = 1 } = load;
  const busy = utilisation(load);
  const erlangs = arrivalRate / serviceRate;
  let lost = 1; // Erlang's B of no servers
  for (let count = 1; count <= servers; count++) lost = (erlangs * lost) / (count + erlangs * lost);
  return lost / (1 - busy * (1 - lost));
}

/** Of an M/M/c: how long a request waits for a server, in the mean. */
export function meanWait(load: Load): number {
  const { arrivalRate, serviceRate, servers = 1 } = load;
  return waitingShare(load) / (servers * serviceRate - arrivalRate);
}

/** Of an M/M/c: waiting and service together, in the mean. */
export function meanTime(load: Load): number {
  return meanWait(load) + 1 / load.serviceRate;
}

/** Of an M/M/1: the time that a share of all requests keeps below, `share` from 0 to under 1. */
export function timeQuantile(load: Load, share: number): number {
  utilisation({ ...load, servers: 1 });
  inRange("share", share, { min: 0, max: 1 - 1e-12 });
  return -Math.log(1 - share) / (load.serviceRate - load.arrivalRate);
}

/**
 * Of an M/G/1: how long a request waits, in the mean. `variation`: the standard deviation of a
 * service over its mean; 0 for services that are all the same, 1 for exponential ones.
 */
export function meanWaitOfAny(load: Load, variation: number): number {
  const busy = utilisation({ ...load, servers: 1 });
  inRange("variation", variation, { min: 0, max: 1e6 });
  return (busy * (1 + variation ** 2)) / (2 * load.serviceRate * (1 - busy));
}

/**
 * Very many servers of an M/M each, every request to the shortest of `choices` queues: its mean
 * time in the system, in mean services. With 1 choice that of M/M/1.
 */
export function meanTimeOfChoices(busy: number, choices: number): number {
  inRange("busy", busy, { min: 0, max: 1 - 1e-12 });
  wholeInRange("choices", choices, { min: 1, max: 1_000 });
  if (choices === 1) return 1 / (1 - busy);
  let sum = 0;
  for (let length = 1; ; length++) {
    const term = busy ** ((choices ** length - choices) / (choices - 1));
    sum += term;
    if (term < 1e-15) return sum;
  }
}

/** Under that fixed point: the share of servers that have at least so many requests. */
export function queueShare(busy: number, choices: number, length: number): number {
  if (choices === 1) return busy ** length;
  return busy ** ((choices ** length - 1) / (choices - 1));
}
