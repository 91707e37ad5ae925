/**
 * nginx in a temporary folder, with its own configuration and ports: as the small servers behind
 * both proxies, a process each, and as the peer. Tuned for the work: connections are kept on both
 * sides without a limit of requests, and a response of 64 KB never goes to a file.
 */
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "dabbawala/basics";

/** "1.22.1", or undefined where nginx is not installed. */
export function nginxVersion(): string | undefined {
  const { stderr } = spawnSync("nginx", ["-v"], { encoding: "utf8" });
  return /nginx\/([\d.]+)/.exec(stderr ?? "")?.[1];
}

export interface Nginx {
  readonly port: number;
  /** CPU time of its workers so far. */
  cpuMs(): number;
  stop(): Promise<void>;
  /** With its workers, at once. */
  kill(): void;
}

/** Serves /small, 100 bytes, and /large, 64 KB; any path below them is the same. */
export async function nginxServer(): Promise<Nginx> {
  return await start(1, (folder, port) => {
    mkdirSync(join(folder, "files"));
    for (const [name, size] of [
      ["small", 100],
      ["large", 65_536],
    ] as const) {
      writeFileSync(join(folder, "files", name), "d".repeat(size));
    }
    return `server { listen 127.0.0.1:${port}; root ${folder}/files;
      location /small { try_files /small =404; } location /large { try_files /large =404; } }`;
  });
}

export interface NginxProxyOptions {
  readonly workers: number;
  /** "" for round robin; "least_conn;" or "hash $request_uri consistent;". */
  readonly policy: string;
  readonly ports: readonly number[];
}

export async function nginxProxy(options: NginxProxyOptions): Promise<Nginx> {
  const servers = options.ports.map((port) => `server 127.0.0.1:${port};`).join(" ");
  return await start(
    options.workers,
    (_folder, port) => `upstream behind { ${options.policy} ${servers}
      keepalive 256; keepalive_requests 1000000000; }
    server { listen 127.0.0.1:${port};
      location / { proxy_pass http://behind; proxy_http_version 1.1;
        proxy_set_header Connection ""; proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_buffer_size 16k; proxy_buffers 8 16k; proxy_busy_buffers_size 64k;
        proxy_max_temp_file_size 0; } }`,
  );
}

async function start(
  workers: number,
  serverOf: (folder: string, port: number) => string,
): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "nginx-"));
  const port = await freePort();
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const places = kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(" ");
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const text = `daemon off; ${user} worker_processes ${workers}; pid ${folder}/pid;
  error_log ${folder}/log crit; events { worker_connections 4096; }
  http { access_log off; ${places} sendfile on; tcp_nodelay on; default_type text/plain;
    keepalive_timeout 600s; keepalive_requests 1000000000; open_file_cache max=100;
    ${serverOf(folder, port)} }`;
  writeFileSync(join(folder, "nginx.conf"), text);
  const flags = ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", join(folder, "log")];
  const child = spawn("nginx", flags, { stdio: "ignore" });
  const ended = new Promise<void>((end) => child.once("exit", () => end()));
  await untilListening(port, child);
  const stop = async (): Promise<void> => {
    // Its master ends the workers; a kill would leave them.
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const kill = (): void => {
    const workers = workersOf(child);
    for (const pid of [child.pid as number, ...workers]) process.kill(pid, "SIGKILL");
  };
  return { port, cpuMs: () => cpuOf(child), stop, kill };
}

function cpuOf(master: ChildProcess): number {
  return workersOf(master).reduce((sum, worker) => sum + cpuMsOf(worker), 0);
}

/** CPU time that a process has used, in ms. */
export function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The processes that a master has started. */
function workersOf({ pid }: ChildProcess): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return children.trim().split(" ").map(Number);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
  const { port } = server.address() as AddressInfo;
  await new Promise((down) => server.close(down));
  return port;
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  const endMs = Date.now() + 10_000;
  while (Date.now() < endMs && child.exitCode === null) {
    const isUp = await new Promise<boolean>((tell) => {
      const socket = connect({ port, host: "127.0.0.1" });
      socket.once("connect", () => tell(true)).once("error", () => tell(false));
      socket.once("connect", () => socket.destroy());
    });
    if (isUp) return;
    await new Promise((wake) => setTimeout(wake, 20));
  }
  throw new InputError("nginx does not listen: is its configuration right?");
}
