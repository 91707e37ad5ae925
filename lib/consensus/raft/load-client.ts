/**
 * A client that makes load: a closed loop of puts and gets that it draws itself, for measurements
 * and for long tests. Finding the leader, repeating and sessions are those of `RaftClient`.
 */
import type { Host, NodeId } from "../../protocol";
import { drawnLoad, drawOperation } from "../drawn-load";
import type { DrawnLoad } from "../drawn-load";
import { RaftClient } from "./client";
import type { RaftClientOptions } from "./client";
import type { RaftMessage, RaftTimer } from "./messages";

export interface RaftLoadOptions extends RaftClientOptions, DrawnLoad {}

type LoadHost = Host<RaftMessage, RaftTimer>;

export class RaftLoadClient extends RaftClient {
  private readonly load: DrawnLoad;
  private drawn = 0;

  /** `peers`: the servers. Throws a RangeError for an option that is wrong. */
  constructor(id: NodeId, peers: readonly NodeId[], options: Partial<RaftLoadOptions> = {}) {
    super(id, peers, options);
    this.load = drawnLoad(options, ["keys", options.keys]);
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
