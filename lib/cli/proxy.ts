/** `dabbawala proxy`: a reverse proxy with the policies of the library, until Ctrl-C. */
import type { Command } from "commander";
import { startProxy } from "../balancing";
import type { BackEndPlace, PolicyName, ProxyMetrics, ProxyOptions } from "../balancing";
import { InputError } from "../basics";
import { parseBytes, parseCount } from "./options";

interface ProxyCommandOptions {
  listen: string;
  policy: PolicyName;
  region: string;
  to: BackEndPlace[];
  key: ProxyOptions["key"];
  workers: string;
  check: string;
  limitBody: string;
  limitHead: string;
  responseMs: string;
  retries: string;
}

export function register(program: Command): void {
  program
    .command("proxy")
    .description("serve HTTP/1.1 on a port from the back ends that a policy picks; Ctrl-C drains")
    .requiredOption("--listen <[host:]port>", "where clients come, as 8080 or 0.0.0.0:8080")
    .requiredOption(
      "--to <host:port...>",
      "back ends, as 127.0.0.1:9001, with a weight 127.0.0.1:9001,2 and a region ...,2,mumbai",
      addPlace,
    )
    .option("--policy <name>", "round-robin, least-connections, maglev...", "peak-ewma")
    .option("--region <name>", "where this proxy stands, for nearest-region", "")
    .option("--key <key>", "of policies that keep a key: client, path or header:NAME", "client")
    .option("--workers <count>", "processes that serve; 0: this one", "0")
    .option("--check <path>", "asked of every back end every two seconds, as /health", "")
    .option("--limit-body <size>", "the longest body of a request", "64mb")
    .option("--limit-head <size>", "the longest head", "16kb")
    .option("--response-ms <count>", "until a back end's answer has to begin", "30000")
    .option("--retries <count>", "how often a request that failed is sent again", "2")
    .action(serve);
}

function addPlace(text: string, places: readonly BackEndPlace[] = []): BackEndPlace[] {
  const form = /^([^,]+):(\d+)(?:,(\d+(?:\.\d+)?)(?:,([^,]+))?)?$/;
  const [, host, port, weight = "1", region = ""] = form.exec(text.trim()) ?? [];
  if (host === undefined) {
    throw new InputError(
      `--to takes host:port, host:port,weight or host:port,weight,region, not "${text}"`,
    );
  }
  const plain = host.replace(/^\[(.*)\]$/, "$1");
  return [...places, { host: plain, port: Number(port), weight: Number(weight), region }];
}

async function serve(options: ProxyCommandOptions): Promise<void> {
  const proxy = await startProxy(proxyOptions(options)).catch((error: unknown) => {
    throw listenError(error, options.listen);
  });
  const backEnds = options.to.length === 1 ? "1 back end" : `${options.to.length} back ends`;
  console.error(`port ${proxy.port}: ${options.policy} over ${backEnds}; Ctrl-C drains`);
  await interrupted();
  console.error("draining: requests may end within 10 s; Ctrl-C again ends at once");
  void interrupted().then(() => process.exit(130));
  console.error(describe(await proxy.close()));
  process.exit(0);
}

function proxyOptions(options: ProxyCommandOptions): Partial<ProxyOptions> {
  const [, host = "127.0.0.1", port] = /^(?:(.+):)?(\d+)$/.exec(options.listen.trim()) ?? [];
  if (port === undefined) {
    throw new InputError(`--listen takes a port or host:port, not "${options.listen}"`);
  }
  return {
    host: host.replace(/^\[(.*)\]$/, "$1"),
    port: Number(port),
    backEnds: options.to,
    policy: options.policy,
    region: options.region,
    key: options.key,
    workers: parseCount("--workers", options.workers),
    checkPath: options.check,
    bodyBytes: parseBytes("--limit-body", options.limitBody),
    headBytes: parseBytes("--limit-head", options.limitHead),
    responseMs: parseCount("--response-ms", options.responseMs),
    retries: parseCount("--retries", options.retries),
  };
}

/** What the system says of a port, in a sentence. */
function listenError(error: unknown, listen: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") return new InputError(`somebody listens at ${listen} already`);
  if (code === "EACCES") return new InputError(`ports below 1024, as ${listen}, are for root`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return new InputError(`${listen} is no address of this machine`);
  }
  return error;
}

async function interrupted(): Promise<void> {
  await new Promise<void>((come) => {
    process.once("SIGINT", come);
    process.once("SIGTERM", come);
  });
}

function describe({ requests, retries, backEnds }: ProxyMetrics): string {
  const lines = Object.entries(backEnds).map(([id, { answers, failures, latency }]) => {
    const answered = Object.values(answers).reduce((sum, count) => sum + count, 0);
    const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
    const times = `p50 ${latency.p50Ms.toFixed(1)} ms, p99 ${latency.p99Ms.toFixed(1)} ms`;
    return `${id}: ${answered} answered, ${failed} failed, ${times}`;
  });
  return [`${requests} requests, ${retries} sent again`, ...lines].join("\n");
}
