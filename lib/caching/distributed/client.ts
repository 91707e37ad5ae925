/**
 * A client of the cache, as a web server is one: reads look into the cache first, writes see to it
 * that no older row is found there afterwards.
 *
 * Source: R. Nishtala et al., "Scaling Memcache at Facebook", NSDI 2013, sections 2 (look-aside),
 * 3.2.1 (leases), 3.3 (gutters). Ours waits for the deletes before a write counts as done.
 * Assumes: servers that may crash, lose what they had and come back; lost, repeated messages.
 * Guarantees: refills by leases or versions, writes "aside" or "through": a read that begins after
 * a write was acknowledged has its row or a later one, under every fault. A write of which a server
 * could not be told ends as "info", or by "waitTtl" when the TTL is over, clocks within `maxDrift`.
 * Cost: a hit is one round trip; a miss three; a write a store and a delete at each holder.
 */
import type { Event, Node, NodeId } from "../../protocol";
import { beginRead, onBusy, onFlightTimer, onGot, onLoaded, onWasSet } from "./client-reads";
import type { ReadContext } from "./client-reads";
import type { Begun, ClientHost, ClientState, Flight, Outcome, Write } from "./client-state";
import {
  beginWrite,
  onDeleted,
  onRefused,
  onStored,
  onWriteTimer,
  onWritten,
} from "./client-writes";
import type { CacheMessage, CacheOperation, CacheTimer } from "./messages";
import { cacheClientOptions } from "./options";
import type { CacheClientOptions } from "./options";
import { clientRules } from "./rules";
import type { ClientRules } from "./rules";
import { serversOf } from "./places";

export class CacheClient implements Node<CacheMessage, CacheTimer>, ClientState {
  readonly options: CacheClientOptions;
  readonly servers: readonly NodeId[];
  readonly suspects = new Map<NodeId, number>();
  readonly hot = new Map<string, number>();
  readonly operations = new Map<number, Begun>();
  readonly flights = new Map<number, Flight>();
  readonly flightOf: ClientState["flightOf"] = new Map();
  readonly writes = new Map<number, Write>();
  readonly askers: ClientState["askers"] = new Map();
  counter = 0;
  private position = 0;
  private ended = 0;

  /** `peers`: the servers. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<CacheClientOptions> = {},
  ) {
    this.options = cacheClientOptions(options);
    this.servers = serversOf(peers, this.options);
  }

  /** What is safe; see `ClientRules`. */
  get rules(): ClientRules {
    return clientRules;
  }

  handle(event: Event<CacheMessage, CacheTimer>, host: ClientHost): void {
    const context = { host, end: (id: number, out: Outcome) => this.end(id, out, host) };
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.ringBell(event.timer, context);
    else this.hear(event.from, event.message, context);
  }

  private start(saved: Readonly<Record<string, unknown>>, host: ClientHost): void {
    const life = ((saved["life"] as number | undefined) ?? 0) + 1;
    host.save("life", life);
    this.counter = life * 2 ** 32;
    // What was under way in a crash is not repeated: its outcome stays unknown.
    this.position = this.ended = (saved["position"] as number | undefined) ?? 0;
    const { parallel, operations } = this.options;
    if (operations.length > 0 && this.position >= operations.length) host.note("ended");
    for (let slot = 0; slot < parallel; slot++) this.next(slot, host);
  }

  private ringBell(timer: CacheTimer, context: ReadContext): void {
    if (timer === "flush" || timer === "poll") return;
    if ("flight" in timer) {
      const flight = this.flights.get(timer.flight);
      if (flight !== undefined) onFlightTimer(this, flight, context);
    } else if ("operation" in timer) {
      const write = this.writes.get(timer.operation);
      if (write !== undefined) onWriteTimer(this, write, context);
    } else if ("think" in timer) this.next(timer.think, context.host);
  }

  private hear(from: NodeId, message: CacheMessage, context: ReadContext): void {
    if (message.type === "submit") return this.begin(message.operation, -1, context.host);
    if (from !== this.options.database) this.suspects.delete(from);
    const asker = this.askers.get("requestId" in message ? message.requestId : 0);
    if (asker === undefined) return;
    if ("flight" in asker) {
      const flight = this.flights.get(asker.flight);
      if (flight !== undefined) this.hearOfRead(flight, message, context);
    } else {
      const write = this.writes.get(asker.write);
      if (write !== undefined) this.hearOfWrite(write, from, { message, context });
    }
  }

  private hearOfRead(flight: Flight, message: CacheMessage, context: ReadContext): void {
    if (message.type === "got") onGot(this, flight, message, context);
    else if (message.type === "loaded") onLoaded(this, flight, message, context);
    else if (message.type === "wasSet") onWasSet(this, flight, context);
    else if (message.type === "busy") onBusy(this, flight, context);
  }

  private hearOfWrite(
    write: Write,
    from: NodeId,
    { message, context }: { message: CacheMessage; context: ReadContext },
  ): void {
    if (message.type === "stored") onStored(this, write, message, context);
    else if (message.type === "deleted") onDeleted(this, write, from, context);
    else if (message.type === "written") onWritten(this, write, message, context);
    else if (message.type === "busy") onRefused(this, write, context);
  }

  /** The next of the list, in one of the places that work in parallel. */
  private next(slot: number, host: ClientHost): void {
    const operation = this.options.operations[this.position];
    if (operation === undefined) return;
    host.save("position", ++this.position);
    this.begin(operation, slot, host);
  }

  private begin(operation: CacheOperation, slot: number, host: ClientHost): void {
    const number = ++this.counter;
    this.operations.set(number, { operation, slot });
    const { op, key } = operation;
    const context = { host, end: (id: number, out: Outcome) => this.end(id, out, host) };
    if (op === "read") {
      host.note("invoke", { operation: number, f: op, key });
      return beginRead(this, { operation: number, key }, context);
    }
    const { value } = operation;
    host.note("invoke", { operation: number, f: op, key, value });
    beginWrite(this, { operation: number, key, value }, context);
  }

  private end(number: number, { kind, ...outcome }: Outcome, host: ClientHost): void {
    const begun = this.operations.get(number);
    if (begun === undefined) return;
    this.operations.delete(number);
    const { op: f, key } = begun.operation;
    host.note(kind, { operation: number, f, key, ...outcome });
    if (begun.slot < 0) return;
    if (++this.ended >= this.options.operations.length) host.note("ended");
    // By a timer, so that a thousand hits in a row are not a thousand calls deep.
    host.setTimer({ think: begun.slot }, this.options.thinkMs);
  }
}
