/** What a reverse proxy can be told, with its defaults and ranges. */
import { InputError, inRange, wholeInRange, withDefaults } from "../../basics";
import type { RetryBudgetOptions, ServerHealthOptions } from "../health";
import type { Policy } from "../policy";
import type { Pool } from "../pool";
import { checkPolicyName } from "./policy-names";
import type { PolicyName } from "./policy-names";

export interface BackEndPlace {
  /** Default "host:port". */
  readonly id?: string;
  /** Default "127.0.0.1". */
  readonly host?: string;
  readonly port: number;
  /** Its share of the requests relative to the others'; default 1. */
  readonly weight?: number;
  /** Where it stands; default "". */
  readonly region?: string;
}

export interface ProxyOptions {
  readonly backEnds: readonly BackEndPlace[];
  /** A name, or (without workers) what makes it of the pool; default "peak-ewma". */
  readonly policy: PolicyName | ((pool: Pool) => Policy);
  /** Where it stands itself, as `region` of its back ends: for "nearest-region". Default "". */
  readonly region: string;
  /** Processes that serve, 0 to 64; default 0: this one. Each has its own pool and policy. */
  readonly workers: number;
  /** Where it listens; default 127.0.0.1, and any port that is free. */
  readonly host: string;
  readonly port: number;
  /** What policies that keep a key at one server go by; default "client", its address. */
  readonly key: "client" | "path" | `header:${string}`;
  /** The longest head of a request (431) or a response (502), bytes; default 16,384. */
  readonly headBytes: number;
  /** The longest body of a request (413), bytes; default 64 MB. */
  readonly bodyBytes: number;
  /** To connect to a back end; default 1,000. */
  readonly connectMs: number;
  /** From the first byte of a request's head to its last (408); default 10,000. */
  readonly headMs: number;
  /** Between two pieces of a body, either way (408 for requests); default 10,000. */
  readonly bodyMs: number;
  /** From the whole request to the head of the response (504); default 30,000. */
  readonly responseMs: number;
  /** A client's connection without a request, and a tunnel without a byte; default 60,000. */
  readonly idleMs: number;
  /**
   * A back end's connection without a request; default 4,000: less than the back end waits itself
   * (5,000 in Node), so that no request is sent as it closes.
   */
  readonly backEndIdleMs: number;
  /** Connections to one back end; default 256. More requests wait for one. */
  readonly connections: number;
  /** Requests that wait for a connection of one back end, at most; default 1,024, then 503. */
  readonly waiting: number;
  /** How often a request that failed is sent again, at most; default 2. */
  readonly retries: number;
  /** A body up to so many bytes is kept to be sent again; default 65,536. */
  readonly replayBytes: number;
  /** How many retries there may be for how many requests; default 0.2 and 10 a second. */
  readonly budget: Partial<RetryBudgetOptions>;
  /** A path that is asked of every back end now and then, as "/health"; default "": none is. */
  readonly checkPath: string;
  /** When a back end is let alone, and when it is asked again. */
  readonly health: Partial<ServerHealthOptions>;
  /** What Retry-After of a 503 says; default 1. */
  readonly retryAfterSeconds: number;
}

const defaults: Omit<ProxyOptions, "policy"> = {
  backEnds: [],
  region: "",
  workers: 0,
  host: "127.0.0.1",
  port: 0,
  key: "client",
  headBytes: 16_384,
  bodyBytes: 64 * 2 ** 20,
  connectMs: 1_000,
  headMs: 10_000,
  bodyMs: 10_000,
  responseMs: 30_000,
  idleMs: 60_000,
  backEndIdleMs: 4_000,
  connections: 256,
  waiting: 1_024,
  retries: 2,
  replayBytes: 65_536,
  budget: {},
  checkPath: "",
  health: {},
  retryAfterSeconds: 1,
};

const times = [
  ...(["connectMs", "headMs", "bodyMs", "responseMs", "idleMs", "backEndIdleMs"] as const),
];

/** With the defaults; throws a RangeError or InputError for what is wrong. */
export function checkedOptions(given: Partial<ProxyOptions>): ProxyOptions {
  const { policy = "peak-ewma", ...others } = given;
  const options: ProxyOptions = { ...withDefaults("a proxy", defaults, others), policy };
  if (options.backEnds.length === 0) throw new RangeError("a proxy needs at least one back end");
  for (const place of options.backEnds) checkedPlace(place);
  for (const name of times) inRange(name, options[name], { min: 1, max: 86_400_000 });
  wholeInRange("workers", options.workers, { min: 0, max: 64 });
  wholeInRange("port", options.port, { min: 0, max: 65_535 });
  wholeInRange("headBytes", options.headBytes, { min: 64, max: 2 ** 20 });
  wholeInRange("bodyBytes", options.bodyBytes, { min: 0, max: 2 ** 50 });
  wholeInRange("connections", options.connections, { min: 1, max: 65_535 });
  wholeInRange("waiting", options.waiting, { min: 0, max: 1e6 });
  wholeInRange("retries", options.retries, { min: 0, max: 10 });
  wholeInRange("replayBytes", options.replayBytes, { min: 0, max: 2 ** 24 });
  wholeInRange("retryAfterSeconds", options.retryAfterSeconds, { min: 0, max: 86_400 });
  checkPolicy(options);
  checkKey(options.key);
  if (options.checkPath !== "" && !/^\/[\x21-\x7e]*$/.test(options.checkPath)) {
    throw new InputError(`checkPath is a path such as /health, not "${options.checkPath}"`);
  }
  return options;
}

/** Throws a RangeError for a port that is none. */
export function checkedPlace(place: BackEndPlace): Required<BackEndPlace> {
  const { host = "127.0.0.1", port, weight = 1, region = "" } = place;
  wholeInRange(`port of the back end at ${host}`, port, { min: 1, max: 65_535 });
  return { id: place.id ?? `${host}:${port}`, host, port, weight, region };
}

function checkPolicy({ policy, workers }: ProxyOptions): void {
  if (typeof policy !== "function") {
    checkPolicyName(policy);
    return;
  }
  if (workers > 0) {
    throw new InputError("a policy that goes to workers is given by its name, not as a function");
  }
}

function checkKey(key: string): void {
  if (key === "client" || key === "path" || /^header:[!#$%&'*+\-.^_`|~\w]+$/.test(key)) return;
  throw new InputError(`the key is client, path or header:NAME, not "${key}"`);
}
