/**
 * A client that makes load: a closed loop of puts and gets that it draws itself, for measurements
 * and for long tests. Finding the leader, repeating and sessions are those of `RaftClient`.
 */
import type { Host, NodeId } from "../../protocol";
import { inRange, wholeInRange } from "../../basics";
import { drawOperation } from "../drawn-load";
import { RaftClient } from "./client";
import type { RaftClientOptions } from "./client";
import type { RaftMessage, RaftTimer } from "./messages";

export interface RaftLoadOptions extends RaftClientOptions {
  /** How many operations; default null: it never ends. */
  readonly count: number | null;
  /** Length of the values that are put, in bytes, each one different; default 256. */
  readonly valueBytes: number;
  /** Keys "key-1" to "key-1000" are drawn evenly for 1000, the default. */
  readonly keys: number;
  /** How many of the operations read, 0 to 1; default 0. */
  readonly readShare: number;
}

const defaults = { count: null, valueBytes: 256, keys: 1_000, readShare: 0 };

type LoadHost = Host<RaftMessage, RaftTimer>;

export class RaftLoadClient extends RaftClient {
  private readonly load: Pick<RaftLoadOptions, "count" | "valueBytes" | "keys" | "readShare">;
  private drawn = 0;

  /** `peers`: the servers. Throws a RangeError for an option that is wrong. */
  constructor(id: NodeId, peers: readonly NodeId[], options: Partial<RaftLoadOptions> = {}) {
    super(id, peers, options);
    const { count, valueBytes, keys, readShare } = { ...defaults, ...options };
    this.load = { count, valueBytes, keys, readShare };
    if (count !== null) wholeInRange("count", count, { min: 0, max: Number.MAX_SAFE_INTEGER });
    wholeInRange("valueBytes", valueBytes, { min: 16, max: 2 ** 20 });
    wholeInRange("keys", keys, { min: 1, max: 2 ** 32 });
    inRange("readShare", readShare, { min: 0, max: 1 });
  }

  protected override next(host: LoadHost): void {
    const { count } = this.load;
    if (this.queue.length === 0 && (count === null || this.drawn < count)) {
      this.drawn++;
      this.queue.push(drawOperation(this.load, `${this.id}/${this.drawn}/`, () => host.random()));
    }
    super.next(host);
  }
}
