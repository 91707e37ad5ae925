/**
 * A client that makes load: a closed loop of puts and gets that it draws itself, for measurements
 * and for long tests. All else is that of `PbftClient`.
 */
import { inRange, wholeInRange } from "../../basics";
import type { Host, NodeId } from "../../protocol";
import { drawOperation } from "../drawn-load";
import type { DrawnLoad } from "../drawn-load";
import { PbftClient } from "./client";
import type { PbftClientOptions } from "./client";
import type { PbftMessage, PbftTimer } from "./messages";

export interface PbftLoadOptions extends PbftClientOptions {
  /** How many operations; default null: it never ends. */
  readonly count: number | null;
  /** Length of the values that are put, in bytes, each one different; default 256. */
  readonly valueBytes: number;
  /** Keys "key-1" to "key-1000" are drawn evenly for 1000, the default. */
  readonly distinctKeys: number;
  /** How many of the operations read, 0 to 1; default 0. */
  readonly readShare: number;
}

const loadDefaults = { count: null, valueBytes: 256, distinctKeys: 1_000, readShare: 0 };

type LoadHost = Host<PbftMessage, PbftTimer>;

export class PbftLoadClient extends PbftClient {
  private readonly load: DrawnLoad;
  private readonly count: number | null;
  private drawn = 0;

  /** `peers`: the replicas. Throws a RangeError for an option that is wrong. */
  constructor(id: NodeId, peers: readonly NodeId[], options: Partial<PbftLoadOptions> = {}) {
    super(id, peers, options);
    const { count, valueBytes, distinctKeys, readShare } = { ...loadDefaults, ...options };
    if (count !== null) wholeInRange("count", count, { min: 0, max: Number.MAX_SAFE_INTEGER });
    wholeInRange("valueBytes", valueBytes, { min: 16, max: 2 ** 20 });
    wholeInRange("distinctKeys", distinctKeys, { min: 1, max: 2 ** 32 });
    inRange("readShare", readShare, { min: 0, max: 1 });
    this.count = count;
    this.load = { valueBytes, keys: distinctKeys, readShare };
  }

  protected override next(host: LoadHost): void {
    if (this.queue.length === 0 && (this.count === null || this.drawn < this.count)) {
      this.drawn++;
      const label = `${this.id}/${this.drawn}/`;
      this.queue.push(drawOperation(this.load, label, () => host.random()));
    }
    super.next(host);
  }
}
