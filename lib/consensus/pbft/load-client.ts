/**
 * A client that makes load: a closed loop of puts and gets that it draws itself, for measurements
 * and for long tests. All else is that of `PbftClient`.
 */
import type { Host, NodeId } from "../../protocol";
import { drawnLoad, drawOperation } from "../drawn-load";
import type { DrawnLoad, LoadOptions } from "../drawn-load";
import { PbftClient } from "./client";
import type { PbftClientOptions } from "./client";
import type { PbftMessage, PbftTimer } from "./messages";

export interface PbftLoadOptions extends PbftClientOptions, LoadOptions {
  /** Keys "key-1" to "key-1000" are drawn evenly for 1000, the default; `keys` are secret ones. */
  readonly distinctKeys: number;
}

type LoadHost = Host<PbftMessage, PbftTimer>;

export class PbftLoadClient extends PbftClient {
  private readonly load: DrawnLoad;
  private drawn = 0;

  /** `peers`: the replicas. Throws a RangeError for an option that is wrong. */
  constructor(id: NodeId, peers: readonly NodeId[], options: Partial<PbftLoadOptions> = {}) {
    super(id, peers, options);
    this.load = drawnLoad(options, ["distinctKeys", options.distinctKeys]);
  }

  protected override next(host: LoadHost): void {
    if (this.queue.length === 0) {
      const { id, drawn } = this;
      this.drawn++;
      const operation = drawOperation(this.load, { id, drawn }, () => host.random());
      if (operation !== undefined) this.queue.push(operation);
    }
    super.next(host);
  }
}
