/** The servers behind a balancer, by number: what its policy looks at when it decides. */
import { inRange } from "../basics";

export interface Server {
  readonly id: string;
  /** Its share of the requests relative to the others'; over 0, at most 1,000; default 1. */
  readonly weight?: number;
  /** Where it stands; default "". */
  readonly region?: string;
}

export class Pool {
  readonly servers: Server[] = [];
  /** By server: its weight, and the requests that it has not answered. */
  weights = new Float64Array(0);
  inFlight = new Int32Array(0);
  /** The servers that may be picked, in order. */
  open = new Int32Array(0);
  /** Requests in flight at all servers together. */
  totalInFlight = 0;
  /** Grows when other servers may be picked or a weight is new: what was worked out is then old. */
  version = 0;
  private readonly opened: Set<number>;
  private readonly draining = new Set<number>();
  private readonly indexes = new Map<string, number>();

  /** Throws a RangeError for no server, a name that is taken, and a weight out of its range. */
  constructor(servers: readonly Server[]) {
    if (servers.length === 0) throw new RangeError("a pool needs at least one server");
    this.weights = Float64Array.from(servers, (server) => this.register(server));
    this.inFlight = new Int32Array(servers.length);
    this.opened = new Set(servers.keys());
    this.open = Int32Array.from(this.opened);
  }

  get size(): number {
    return this.servers.length;
  }

  /** Undefined for a name that is not here. */
  indexOf(id: string): number | undefined {
    return this.indexes.get(id);
  }

  isOpen(index: number): boolean {
    return this.opened.has(index) && !this.draining.has(index);
  }

  /** One server more, open at once. Returns its index. */
  add(server: Server): number {
    this.weights = Float64Array.of(...this.weights, this.register(server));
    this.inFlight = Int32Array.of(...this.inFlight, 0);
    this.setOpen(this.size - 1, true);
    return this.size - 1;
  }

  /** Whether it may be picked: one that fails its checks may not, and one that drains neither. */
  setOpen(index: number, isOpen: boolean): void {
    if (isOpen) this.opened.add(index);
    else this.opened.delete(index);
    this.changed();
  }

  /**
   * It takes no new requests, whatever else is said of it, and has left when those in flight are
   * answered. Its number is never given to another server.
   */
  drain(index: number): void {
    this.draining.add(index);
    this.changed();
  }

  /** It stays after all. */
  keep(index: number): void {
    this.draining.delete(index);
    this.changed();
  }

  /** It drains, or has left. */
  isDraining(index: number): boolean {
    return this.draining.has(index);
  }

  /** It has left: it drained, and nothing is in flight there. */
  isDrained(index: number): boolean {
    return this.draining.has(index) && this.inFlight[index] === 0;
  }

  setWeight(index: number, weight: number): void {
    this.weights[index] = checkWeight(this.servers[index].id, weight);
    this.version++;
  }

  /** A request goes to that server. */
  send(index: number): void {
    this.inFlight[index]++;
    this.totalInFlight++;
  }

  /** That server has answered one, or it was given up. */
  end(index: number): void {
    this.inFlight[index]--;
    this.totalInFlight--;
  }

  private changed(): void {
    const open = [...this.opened].filter((index) => !this.draining.has(index));
    this.open = Int32Array.from(open).sort();
    this.version++;
  }

  /** Notes its name, and returns its weight. */
  private register(server: Server): number {
    const { id, weight = 1 } = server;
    if (this.indexes.has(id)) throw new RangeError(`there are two servers of the name ${id}`);
    checkWeight(id, weight);
    this.indexes.set(id, this.servers.push(server) - 1);
    return weight;
  }
}

function checkWeight(id: string, weight: number): number {
  return inRange(`weight of ${id}`, weight, { min: 1e-6, max: 1_000 });
}
