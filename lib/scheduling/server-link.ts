/**
 * Whom a worker or a client asks: one server, or of several the one that leads. One request at a
 * time; what is not answered is asked again, of the next server.
 */
import { inRange } from "../basics";
import type { Host, NodeId } from "../protocol";
import type { ClientAnswer } from "../consensus/raft";
import type { SchedulerMessage, SchedulerTimer } from "./messages";

type LinkHost = Host<SchedulerMessage, SchedulerTimer>;
type Request = Extract<SchedulerMessage, { type: "command" | "query" }>;
export type Question = { readonly command: unknown } | { readonly query: unknown };

export class ServerLink {
  private server = 0;
  private redirections = 0;
  private requestId = 0;
  private request: Request | null = null;

  /** RangeError when there are no servers, or for a wait that is none. */
  constructor(
    private readonly servers: readonly NodeId[],
    private readonly retryMs: number,
  ) {
    if (servers.length === 0)
      throw new RangeError("the names of the scheduler's servers are needed");
    inRange("retryMs", retryMs, { min: 1, max: Number.MAX_SAFE_INTEGER });
  }

  get isWaiting(): boolean {
    return this.request !== null;
  }

  /** In place of what was asked before. */
  ask(question: Question, host: LinkHost): void {
    const requestId = ++this.requestId;
    this.request =
      "command" in question
        ? { type: "command", requestId, command: question.command }
        : { type: "query", requestId, query: question.query };
    this.redirections = 0;
    this.send(host);
  }

  /** Numbers of a new life, so that answers to an earlier one are told apart. */
  startFrom(requestId: number): void {
    this.requestId = requestId;
  }

  /** The retry timer rang: the next one is asked, the same unless the caller has a new question. */
  next(): void {
    this.server = (this.server + 1) % this.servers.length;
    this.redirections = 0;
  }

  send(host: LinkHost): void {
    if (this.request === null) return;
    host.setTimer("retry", this.retryMs);
    host.send(this.servers[this.server], this.request);
  }

  /** What was answered to the request under way; undefined: nothing yet, or not to this one. */
  hear(from: NodeId, answer: ClientAnswer, host: LinkHost): unknown {
    if (this.request?.requestId !== answer.requestId) return undefined;
    if (answer.kind === "notLeader") {
      this.redirect(from, answer.leader, host);
      return undefined;
    }
    if (answer.kind !== "ok") return undefined; // the retry timer is set
    this.request = null;
    host.cancelTimer("retry");
    return answer.result ?? null;
  }

  private redirect(from: NodeId, leader: NodeId | null, host: LinkHost): void {
    const at = leader === null ? -1 : this.servers.indexOf(leader);
    if (at < 0 || leader === from || this.redirections >= this.servers.length) return;
    this.redirections++;
    this.server = at;
    this.send(host);
  }
}
