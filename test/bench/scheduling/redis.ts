/** A Redis server of Debian's on a port of its own, with its append-only file in a new folder. */
import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";

/** When Redis makes durable what it has written: before it answers, or once a second. */
export type AppendSync = "always" | "everysec";

/** "7.0.15", or undefined where Redis is not installed. */
export function redisVersion(): string | undefined {
  try {
    const line = execFileSync("redis-server", ["--version"], { encoding: "utf8" });
    return /v=(\S+)/.exec(line)?.[1];
  } catch {
    return undefined;
  }
}

export class RedisServer {
  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /** Without snapshots; what BullMQ's documentation asks for (no eviction). */
  static async start(sync: AppendSync): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), "redis-"));
    const port = await freePort();
    const options = {
      port: String(port),
      bind: "127.0.0.1",
      dir: folder,
      save: "",
      appendonly: "yes",
      appendfsync: sync,
      "maxmemory-policy": "noeviction",
    };
    const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawn("redis-server", words, { stdio: "ignore" });
    const client = new Redis({ host: "127.0.0.1", port, maxRetriesPerRequest: null });
    client.on("error", () => undefined); // It tries again until the server listens.
    await client.ping();
    client.disconnect();
    return new RedisServer(port, child, folder);
  }

  cpuMs(): number {
    return cpuMsOf(this.child);
  }

  async stop(): Promise<void> {
    await end(this.child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** CPU time that a process has used, by Linux. */
function cpuMsOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
