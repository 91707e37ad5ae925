/** The requests that a balancer has taken and not answered, and the last ones that it has. */
import type { NodeId } from "../../protocol";
import type { Serve } from "./messages";

/** A client's request. */
export interface Pending {
  readonly client: NodeId;
  readonly serve: Serve;
  attempts: number;
  /** Servers that it was sent to. */
  readonly tried: number[];
  /** It may have been done, by an attempt that was not answered. */
  isDoubtful: boolean;
}

/** One sending of it. */
export interface Attempt {
  readonly pending: Pending;
  readonly server: number;
  readonly permit: number;
  readonly sentMs: number;
}

/** Requests whose end is remembered, for copies that come late. */
const remembered = 1_000;

export class Underway {
  readonly attempts = new Map<number, Attempt>();
  private readonly pending = new Set<string>();
  private readonly ended = new Set<string>();

  get size(): number {
    return this.pending.size;
  }

  /** Undefined for one that is under way, or has ended of late. */
  begin(client: NodeId, serve: Serve): Pending | undefined {
    const name = `${client}/${serve.requestId}`;
    if (this.pending.has(name) || this.ended.has(name)) return undefined;
    this.pending.add(name);
    return { client, serve, attempts: 0, tried: [], isDoubtful: false };
  }

  end({ client, serve }: Pending): void {
    const name = `${client}/${serve.requestId}`;
    this.pending.delete(name);
    this.ended.add(name);
    if (this.ended.size <= remembered) return;
    const [oldest] = this.ended;
    if (oldest !== undefined) this.ended.delete(oldest);
  }
}
