/** The two proxies before the same servers, each in turn under the same load. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { PolicyName, ProxyMetrics } from "dabbawala/balancing";
import type { MeasuredWithCores, Side } from "../contest/closed-loops";
import type { LoadOrder, LoadResult } from "./load";
import { cpuMsOf, nginxProxy } from "./nginx";
import type { ProxyOrder } from "./our-proxy";

export const clients = 64;
export const workers = 1;

export interface Work {
  readonly policy: PolicyName;
  /** nginx's words for it. */
  readonly nginxPolicy: string;
  readonly path: string;
  /** The ports of the servers. */
  readonly ports: readonly number[];
}

export async function ourSide({ policy, path, ports }: Work): Promise<Side<MeasuredWithCores>> {
  const proxy = await OurProxy.start(policy, ports);
  return {
    measure: () => measured(proxy.port, path, () => proxy.cpuMs()),
    stop: () => proxy.stop(),
  };
}

export async function theirSide(work: Work): Promise<Side<MeasuredWithCores>> {
  const { nginxPolicy, path, ports } = work;
  const nginx = await nginxProxy({ workers, policy: nginxPolicy, ports });
  return {
    measure: () => measured(nginx.port, path, () => nginx.cpuMs()),
    stop: () => nginx.stop(),
  };
}

/** A load for some seconds, and what happens meanwhile. */
export async function disturbed(
  port: number,
  disturb: () => Promise<unknown>,
): Promise<LoadResult> {
  const load = start("load.ts");
  try {
    const times = { warmUpMs: 500, measuredMs: 3_500 };
    const order: LoadOrder = { port, connections: clients, ...times, path: "/small/#" };
    const result = asked(load, order) as Promise<LoadResult>;
    await disturb();
    return await result;
  } finally {
    load.disconnect();
  }
}

async function measured(
  port: number,
  path: string,
  cpuMs: () => number,
): Promise<MeasuredWithCores> {
  const [warmUpMs, measuredMs] = [1_000, 3_000];
  const load = start("load.ts");
  try {
    let beforeMs = cpuMs();
    setTimeout(() => (beforeMs = cpuMs()), warmUpMs);
    const order: LoadOrder = { port, connections: clients, warmUpMs, measuredMs, path };
    const result = (await asked(load, order)) as LoadResult;
    const serverCores = (cpuMs() - beforeMs) / measuredMs;
    if (result.failed > 0) throw new Error(`${result.failed} requests failed`);
    const { throughput, p50Ms, p99Ms } = result;
    return { throughput, p50Ms, p99Ms, serverCores, clientCores: result.cpuMs / measuredMs };
  } finally {
    load.disconnect();
  }
}

/** Our proxy in a process of its own. */
export class OurProxy {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  static async start(policy: PolicyName, ports: readonly number[]): Promise<OurProxy> {
    const child = start("our-proxy.ts");
    const backEnds = ports.map((port, at) => ({ id: `b${at}`, port }));
    const order: ProxyOrder = { kind: "start", options: { policy, backEnds, key: "path" } };
    return new OurProxy((await asked(child, order)) as number, child);
  }

  cpuMs(): number {
    return cpuMsOf(this.child.pid as number);
  }

  async drain(id: string): Promise<void> {
    await asked(this.child, { kind: "drain", id });
  }

  async metrics(): Promise<ProxyMetrics> {
    return (await asked(this.child, { kind: "metrics" })) as ProxyMetrics;
  }

  async stop(): Promise<void> {
    const ended = new Promise((end) => this.child.once("exit", end));
    this.child.disconnect();
    await ended;
  }
}

function start(file: string): ChildProcess {
  const execArgv = ["-r", "ts-node/register/transpile-only"];
  return fork(join(__dirname, file), { execArgv });
}

async function asked(child: ChildProcess, order: LoadOrder | ProxyOrder): Promise<unknown> {
  const answer = new Promise((come) => child.once("message", come));
  child.send(order);
  return await answer;
}
