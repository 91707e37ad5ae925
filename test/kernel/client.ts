import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kernelSpec } from "dabbawala/kernel";

export interface StartOptions {
  /** The command line, with "{connection_file}" in the place of that file. */
  readonly argv: readonly string[];
  readonly cwd: string;
}

/** A message as it arrived, parsed. */
export interface Received {
  readonly type: string;
  readonly parentId: string;
  readonly content: Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
}

/** What one execute request brought: its reply, and everything published until idle. */
export interface Executed {
  readonly reply: Received["content"];
  readonly published: Received[];
  /** All text of stdout. */
  readonly stdout: string;
  readonly stderr: string;
}

interface ZmqSocket extends AsyncIterable<Buffer[]> {
  connect(address: string): void;
  subscribe(): void;
  send(frames: (string | Buffer)[]): Promise<void>;
  close(): void;
}

const load = createRequire(createRequire(__filename).resolve("tslab/package.json"));
const zmq = load("zeromq") as Record<"Dealer" | "Subscriber", new (options?: object) => ZmqSocket>;
const root = join(__dirname, "..", "..");
const key = "test";

function afterMs(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}

/** A small Jupyter client, enough to see every message of the kernel. */
export class KernelClient {
  private readonly waiting = new Map<string, (message: Received) => void>();
  private readonly published = new Map<string, Received[]>();
  private readonly idle = new Map<string, () => void>();

  /** Rejects when the kernel ends: what waits for it then fails instead of waiting on. */
  private readonly gone: Promise<never>;

  private constructor(
    readonly process: ChildProcess,
    private readonly sockets: Record<"shell" | "control" | "iopub", ZmqSocket>,
    private readonly folder: string,
  ) {
    this.gone = new Promise<never>((_, reject) => {
      process.once("exit", (code, signal) =>
        reject(new Error(`the kernel ended with ${code ?? signal}`)),
      );
    });
    this.gone.catch(() => {});
    for (const socket of [sockets.shell, sockets.control]) {
      void this.listen(socket, (message) => this.waiting.get(message.parentId)?.(message));
    }
    void this.listen(sockets.iopub, (message) => this.note(message));
  }

  /** Starts a kernel: by default the repaired one, in the notebooks' folder. */
  static async start(options: Partial<StartOptions> = {}): Promise<KernelClient> {
    const { argv, cwd } = { argv: kernelSpec().argv, cwd: join(root, "notebooks"), ...options };
    const folder = mkdtempSync(join(tmpdir(), "dabbawala-kernel-"));
    const ports = await freePorts(5);
    const names = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"];
    const connection = Object.fromEntries(names.map((name, i) => [name, ports[i]]));
    const file = join(folder, "connection.json");
    const more = { ip: "127.0.0.1", transport: "tcp", key, signature_scheme: "hmac-sha256" };
    writeFileSync(file, JSON.stringify({ ...connection, ...more }));
    const [program, ...words] = argv.map((word) => (word === "{connection_file}" ? file : word));
    const child = spawn(program as string, words, {
      cwd,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const shell = new zmq.Dealer();
    const control = new zmq.Dealer();
    const iopub = new zmq.Subscriber({ receiveHighWaterMark: 0 });
    shell.connect(`tcp://127.0.0.1:${ports[0]}`);
    iopub.connect(`tcp://127.0.0.1:${ports[1]}`);
    iopub.subscribe();
    control.connect(`tcp://127.0.0.1:${ports[3]}`);
    const client = new KernelClient(child, { shell, control, iopub }, folder);
    while (!(await client.isListening())) continue;
    return client;
  }

  /**
   * Until the subscription has reached the kernel, what it publishes is not heard. A stock kernel
   * that is asked while it still opens its sockets never answers, so it is asked again.
   */
  private async isListening(): Promise<boolean> {
    const id = this.send("kernel_info_request", {});
    await Promise.race([this.reply(id), afterMs(5_000)]);
    await afterMs(50);
    return this.published.has(id);
  }

  send(type: string, content: object, channel: "shell" | "control" = "shell"): string {
    const id = randomUUID();
    const header = { msg_id: id, msg_type: type, session: "s", username: "u", version: "5.3" };
    const parts = [{ ...header, date: "2026-01-01T00:00:00Z" }, {}, {}, content].map((part) =>
      JSON.stringify(part),
    );
    const hmac = createHmac("sha256", key);
    for (const part of parts) hmac.update(part);
    void this.sockets[channel].send(["<IDS|MSG>", hmac.digest("hex"), ...parts]);
    return id;
  }

  reply(id: string): Promise<Received> {
    const arrived = new Promise<Received>((resolve) => this.waiting.set(id, resolve));
    const answer = Promise.race([arrived, this.gone]);
    answer.catch(() => {});
    return answer;
  }

  async request(type: string, content: object): Promise<Received["content"]> {
    return (await this.reply(this.send(type, content))).content;
  }

  async execute(code: string, options: object = {}): Promise<Executed> {
    const id = this.send("execute_request", { code, ...options });
    return this.result(id);
  }

  /** The whole result of a request that was sent. */
  async result(id: string): Promise<Executed> {
    const isIdle = new Promise<void>((resolve) => this.idle.set(id, resolve));
    const [reply] = await Promise.all([this.reply(id), Promise.race([isIdle, this.gone])]);
    const published = this.published.get(id) ?? [];
    const text = (name: string): string =>
      published
        .filter(({ type, content }) => type === "stream" && content["name"] === name)
        .map(({ content }) => content["text"] as string)
        .join("");
    return { reply: reply.content, published, stdout: text("stdout"), stderr: text("stderr") };
  }

  /** What Jupyter's stop button does. */
  async interrupt(): Promise<Received["content"]> {
    return (await this.reply(this.send("interrupt_request", {}, "control"))).content;
  }

  /** Everything published so far for a request. */
  heard(id: string): readonly Received[] {
    return this.published.get(id) ?? [];
  }

  async stop(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.gone.catch(() => {});
    for (const socket of Object.values(this.sockets)) socket.close();
    rmSync(this.folder, { recursive: true });
  }

  private note(message: Received): void {
    const list = this.published.get(message.parentId) ?? [];
    this.published.set(message.parentId, [...list, message]);
    const state = message.type === "status" ? message.content["execution_state"] : "";
    if (state === "idle") this.idle.get(message.parentId)?.();
  }

  private async listen(socket: ZmqSocket, hear: (message: Received) => void): Promise<void> {
    for await (const frames of socket) {
      const at = frames.findIndex((frame) => String(frame) === "<IDS|MSG>");
      const [header, parent, , content] = frames
        .slice(at + 2)
        .map((part) => JSON.parse(String(part)));
      hear({ type: header.msg_type, parentId: parent.msg_id, content });
    }
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
