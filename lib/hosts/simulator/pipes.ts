/**
 * Links of limited bandwidth: each sends one message after the other, and a message waits until
 * those before it are gone. A link that promises order also lets no message overtake another.
 */
import type { Message } from "../../protocol";
import { wholeMicroseconds } from "./clock";

export interface PipeLimits {
  readonly bytesPerSecond: number;
  readonly maxQueuedBytes: number;
}

export class Pipes {
  /** When each link has sent all that it was given, by the link's key. */
  private readonly freeAtMs = new Map<string, number>();
  private readonly lastArrivals = new Map<string, number>();

  /** When the last byte leaves; "full" when the queue has no room for it. */
  leaveMs(
    link: string,
    message: Message,
    { nowMs, limits }: { nowMs: number; limits: PipeLimits },
  ): number | "full" {
    const startMs = Math.max(nowMs, this.freeAtMs.get(link) ?? 0);
    const bytes = bytesOf(message);
    const queuedBytes = ((startMs - nowMs) / 1_000) * limits.bytesPerSecond;
    if (queuedBytes + bytes > limits.maxQueuedBytes) return "full";
    const leaveMs = wholeMicroseconds(startMs + (bytes / limits.bytesPerSecond) * 1_000);
    this.freeAtMs.set(link, leaveMs);
    return leaveMs;
  }

  /** Not before what was sent on this link earlier. */
  inOrder(link: string, atMs: number): number {
    const last = Math.max(atMs, this.lastArrivals.get(link) ?? 0);
    this.lastArrivals.set(link, last);
    return last;
  }
}

/** The size of a message on a wire: its JSON text in UTF-8. */
function bytesOf(message: Message): number {
  return Buffer.byteLength(JSON.stringify(message));
}
