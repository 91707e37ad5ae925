/**
 * A client that asks again and again, whether or not it was answered: as the crowd does. Its notes
 * are what it saw: invoke, then ok, fail (certainly not done) or info (not known), or "unanswered".
 *
 * Source: ours; open arrivals, as B. Schroeder, A. Wierman, M. Harchol-Balter, "Open versus closed:
 * a cautionary tale", NSDI 2006, tell them from a loop that waits.
 * Assumes: balancers, its peers, are asked in turn. It never sends a request again: they do.
 * Guarantees: every request ends, by an answer or after `answerMs`.
 * Cost: a message and two timers a request.
 */
import { isDefinite } from "../../protocol";
import type { Event, Host, Node, NodeId } from "../../protocol";
import type { BalancingMessage, BalancingTimer } from "./messages";
import { clientOptions } from "./options";
import type { RequestClientOptions } from "./options";

type ClientHost = Host<BalancingMessage, BalancingTimer>;

/** Requests between two saves of their number, which must never be used again. */
const numbersAtOnce = 1_000;

export class RequestClient implements Node<BalancingMessage, BalancingTimer> {
  readonly options: RequestClientOptions;
  /** By number: when it was sent. */
  readonly pending = new Map<number, number>();
  private asked = 0;
  private number = 0;

  /** `peers`: the balancers. Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    private readonly peers: readonly NodeId[],
    options: Partial<RequestClientOptions> = {},
  ) {
    this.options = clientOptions(options);
    if (peers.length === 0) throw new RangeError("a client needs the name of a balancer");
  }

  handle(event: Event<BalancingMessage, BalancingTimer>, host: ClientHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") {
      if (event.timer === "next") this.ask(host);
      else if (typeof event.timer === "object" && "answer" in event.timer) {
        this.end(event.timer.answer, host, "unanswered");
      }
    } else if (event.message.type === "served") {
      this.end(event.message.requestId, host, "ok", event.message.server);
    } else if (event.message.type === "error") {
      const { requestId = 0, code, text } = event.message;
      this.end(requestId, host, isDefinite(code) ? "fail" : "info", text);
    }
  }

  private start(saved: Readonly<Record<string, unknown>>, host: ClientHost): void {
    this.number = (saved["number"] as number | undefined) ?? 0;
    this.wait(host);
  }

  private wait(host: ClientHost): void {
    const { requests, everyMs } = this.options;
    if (requests !== null && this.asked >= requests) return;
    host.setTimer("next", -everyMs * Math.log(1 - host.random()));
  }

  private ask(host: ClientHost): void {
    const { peers, number } = this;
    const { onceEvery, keys, region, answerMs } = this.options;
    if (number % numbersAtOnce === 0) host.save("number", number + numbersAtOnce);
    const requestId = ++this.number;
    this.asked++;
    const key = `key ${Math.floor(host.random() * keys)}`;
    const isOnce = onceEvery > 0 && requestId % onceEvery === 0;
    this.pending.set(requestId, host.nowMs);
    host.note("invoke", { requestId });
    host.send(peers[requestId % peers.length], { type: "serve", requestId, key, region, isOnce });
    host.setTimer({ answer: requestId }, answerMs);
    this.wait(host);
  }

  private end(
    requestId: number,
    host: ClientHost,
    label: "ok" | "fail" | "info" | "unanswered",
    value?: string,
  ): void {
    const sentMs = this.pending.get(requestId);
    if (sentMs === undefined) return;
    this.pending.delete(requestId);
    host.cancelTimer({ answer: requestId });
    host.note(label, { requestId, ms: host.nowMs - sentMs, value });
  }
}
