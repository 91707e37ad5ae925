/**
 * A client of HotStuff: does one command after another, asks all replicas, and believes a result
 * that f + 1 of them have told alike, since one of those is correct.
 *
 * Source: Yin et al. 2019, section 4.1, after Castro and Liskov 1999, section 4.1.
 * Assumes: at most f of 3f + 1 replicas lie; links tell who speaks.
 * Guarantees: a command that is answered was executed once.
 * Cost: n messages and n replies a command. Its notes are the events of a history: invoke, then ok
 * or fail (refused by the machine), each { f, key, value }.
 */
import type { Event, Node, NodeId } from "../../protocol";
import { inRange } from "../../basics";
import { callOf, checkOperations, outcomeOf, outside } from "../call-of";
import { signCommand } from "./block";
import type { Command, HotStuffMessage, HotStuffTimer, Reply } from "./messages";
import { faultsOf } from "../pbft/rules";
import type { HotStuffHost } from "./state";
import { isWellFormed } from "./well-formed";

export interface HotStuffClientOptions {
  /** Done in this order, one at a time; more may come as `submit`. Default none. */
  readonly operations: readonly { readonly command: unknown }[];
  /** Pause between the end of one and the start of the next, in ms; default 0. */
  readonly thinkMs: number;
  /** Asks all replicas again after so long; default 1,000 ms. */
  readonly retryMs: number;
  /** As the replicas have it; default "laboratory". */
  readonly keySeed: string;
}

export const defaultHotStuffClientOptions: HotStuffClientOptions = {
  operations: [],
  thinkMs: 0,
  retryMs: 1_000,
  keySeed: "laboratory",
};

export class HotStuffClient implements Node<HotStuffMessage, HotStuffTimer> {
  readonly options: HotStuffClientOptions;
  private readonly queue: unknown[];
  private requestId = 0;
  private current: Command | null = null;
  /** JSON of the result that each replica has told for what is under way. */
  private readonly told = new Map<NodeId, string>();

  /** `peers`: the replicas. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    private readonly peers: readonly NodeId[],
    options: Partial<HotStuffClientOptions> = {},
  ) {
    if (peers.length === 0) throw new RangeError("a HotStuff client needs the names of replicas");
    this.options = { ...defaultHotStuffClientOptions, ...options };
    inRange("thinkMs", this.options.thinkMs, { min: 0, max: Number.MAX_SAFE_INTEGER });
    inRange("retryMs", this.options.retryMs, { min: 1, max: Number.MAX_SAFE_INTEGER });
    checkOperations(this.options.operations);
    this.queue = this.options.operations.map(({ command }) => command);
  }

  handle(event: Event<HotStuffMessage, HotStuffTimer>, host: HotStuffHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ring(event.timer, host);
    else if (!isWellFormed(event.message)) return;
    else if (event.message.type === "reply") this.hear(event.from, event.message, host);
    else if (event.message.type === "submit" && event.from === outside) {
      this.submit(event.message.operation.command, host);
    }
  }

  /** What was under way in a crash is not repeated: its outcome stays unknown. */
  private start(saved: Readonly<Record<string, unknown>>, host: HotStuffHost): void {
    this.requestId = (saved["requestId"] as number | undefined) ?? 0;
    this.queue.splice(0, this.requestId);
    this.next(host);
  }

  private submit(command: unknown, host: HotStuffHost): void {
    this.queue.push(command);
    if (this.current === null) this.next(host);
  }

  private next(host: HotStuffHost): void {
    if (this.queue.length === 0) return;
    const command = this.queue.shift();
    const unsigned = { client: this.id, requestId: ++this.requestId, command };
    host.save("requestId", this.requestId);
    this.current = signCommand(unsigned, this.options.keySeed);
    this.told.clear();
    host.note("invoke", callOf({ command }));
    this.ask(host);
  }

  private ask(host: HotStuffHost): void {
    host.setTimer("retry", this.options.retryMs);
    for (const replica of this.peers) {
      host.send(replica, { type: "request", ...(this.current as Command) });
    }
  }

  private ring(timer: HotStuffTimer, host: HotStuffHost): void {
    if (timer === "think") this.next(host);
    else if (timer === "retry" && this.current !== null) this.ask(host);
  }

  private hear(from: NodeId, { requestId, result }: Reply, host: HotStuffHost): void {
    if (this.current?.requestId !== requestId || !this.peers.includes(from)) return;
    const text = JSON.stringify(result);
    this.told.set(from, text);
    const alike = [...this.told.values()].filter((other) => other === text).length;
    if (alike > faultsOf(this.peers.length)) this.end(result, host);
  }

  private end(result: unknown, host: HotStuffHost): void {
    const { f, key } = callOf(this.current as Command);
    const { type, value } = outcomeOf(result);
    host.note(type, { f, key, value });
    this.current = null;
    host.cancelTimer("retry");
    if (this.options.thinkMs > 0) host.setTimer("think", this.options.thinkMs);
    else this.next(host);
  }
}
