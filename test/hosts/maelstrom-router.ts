/**
 * A small Maelstrom: starts real processes of `dabbawala maelstrom`, passes their messages on with
 * delays, loss and partitions, and asks them as clients do.
 *
 * As Maelstrom does, messages of clients are neither delayed nor lost, a lost message is lost when
 * it is sent, and a partition stops messages when they arrive.
 */
import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Random } from "dabbawala/basics";

const program = join(__dirname, "..", "..", "lib", "bin", "dabbawala.cjs");

export interface Body {
  readonly type: string;
  readonly [field: string]: unknown;
}

interface Envelope {
  readonly src: string;
  readonly dest: string;
  readonly body: Body & { readonly in_reply_to?: number };
}

export interface RouterOptions {
  readonly nodes: number;
  readonly seed: number;
  /** Of messages between nodes: uniform from 0 to twice this. */
  readonly meanDelayMs?: number;
  readonly lossRate?: number;
  readonly arguments?: readonly string[];
}

export class Router {
  readonly ids: readonly string[];
  /** Lines of stdout that are no message of the protocol: there must be none. */
  readonly noise: string[] = [];
  readonly errors: string[] = [];
  sent = 0;
  lost = 0;
  private readonly processes = new Map<string, ChildProcessWithoutNullStreams>();
  private readonly waiting = new Map<number, (body: Body) => void>();
  private readonly chance: Random;
  private side = new Map<string, number>();
  private lastMessageId = 0;

  constructor(
    readonly workload: string,
    readonly options: RouterOptions,
  ) {
    this.ids = Array.from({ length: options.nodes }, (_, index) => `n${index + 1}`);
    this.chance = new Random(options.seed);
  }

  async start(): Promise<void> {
    await Promise.all(this.ids.map((id) => this.startNode(id)));
  }

  async startNode(id: string): Promise<void> {
    const { arguments: more = [] } = this.options;
    const process_ = spawn(process.execPath, [program, "maelstrom", this.workload, ...more]);
    this.processes.set(id, process_);
    createInterface({ input: process_.stdout }).on("line", (line) => this.hear(line));
    createInterface({ input: process_.stderr }).on("line", (line) => this.errors.push(line));
    process_.stdin.on("error", () => undefined); // of a killed process
    const answer = await this.ask("c0", id, { type: "init", node_id: id, node_ids: this.ids });
    if (answer.type !== "init_ok") throw new Error(`${id} answers init with ${answer.type}`);
  }

  /** Sends one request and waits for its answer; after `withinMs` an error 0, as clients count. */
  ask(client: string, dest: string, body: Body, withinMs = 5_000): Promise<Body> {
    const id = ++this.lastMessageId;
    return new Promise((resolve) => {
      const end = (answer: Body): void => {
        clearTimeout(timer);
        this.waiting.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(() => end({ type: "error", code: 0 }), withinMs);
      this.waiting.set(id, end);
      this.deliver({ src: client, dest, body: { ...body, msg_id: id } });
    });
  }

  /** From now on the groups do not hear each other. */
  partition(...groups: readonly (readonly string[])[]): void {
    this.side = new Map(groups.flatMap((ids, group) => ids.map((id) => [id, group] as const)));
  }

  heal(): void {
    this.side = new Map();
  }

  /** Writes a line as it is. */
  write(id: string, line: string): void {
    this.processes.get(id)?.stdin.write(line + "\n");
  }

  async kill(id: string): Promise<void> {
    const process_ = this.processes.get(id) as ChildProcessWithoutNullStreams;
    const ended = new Promise((resolve) => process_.once("exit", resolve));
    process_.kill("SIGKILL");
    await ended;
  }

  /** Ends all nodes as Maelstrom does, by the end of their input; returns their exit codes. */
  async stop(): Promise<(number | null)[]> {
    const ends = [...this.processes.values()].map((process_) => {
      if (process_.exitCode !== null) return process_.exitCode;
      const ended = new Promise<number | null>((resolve) => process_.once("exit", resolve));
      process_.stdin.end();
      return ended;
    });
    return Promise.all(ends);
  }

  private hear(line: string): void {
    let envelope: Envelope;
    try {
      envelope = JSON.parse(line) as Envelope;
    } catch {
      return void this.noise.push(line);
    }
    const { src, dest, body } = envelope;
    if (typeof src !== "string" || typeof dest !== "string" || typeof body?.type !== "string") {
      return void this.noise.push(line);
    }
    if (!this.ids.includes(dest)) return this.waiting.get(body.in_reply_to as number)?.(body);
    this.pass(envelope);
  }

  private pass(envelope: Envelope): void {
    const { meanDelayMs = 0, lossRate = 0 } = this.options;
    this.sent++;
    if (this.chance.chance(lossRate)) return void this.lost++;
    const { src, dest } = envelope;
    setTimeout(
      () => {
        if (this.side.get(src) === this.side.get(dest)) this.deliver(envelope);
        else this.lost++;
      },
      this.chance.between(0, 2 * meanDelayMs),
    );
  }

  private deliver(envelope: Envelope): void {
    this.write(envelope.dest, JSON.stringify(envelope));
  }
}
