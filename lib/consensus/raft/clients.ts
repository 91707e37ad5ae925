/**
 * What clients ask of a server: commands, reads, sessions, and the two requests of operators.
 *
 * Source: Ongaro 2014, sections 6.1 to 6.4, figure 6.1. A server that does not lead says who does.
 */
import type { NodeId } from "../../protocol";
import { lastIndexOf } from "./log";
import type { EntryBody } from "./log";
import { requestChange } from "./membership-change";
import type { ClientRequest } from "./messages";
import { acceptRead } from "./reads";
import { answer } from "./state";
import type { Asker, Leadership, RaftHost, RaftState } from "./state";
import { appendToLog } from "./storage";
import { requestTransfer } from "./transfer";

export function onClientRequest(
  raft: RaftState,
  from: NodeId,
  request: ClientRequest,
  host: RaftHost,
): void {
  const asker = { from, requestId: request.requestId };
  const { leadership } = raft;
  if (request.type === "query" && (request.readMode ?? raft.options.readMode) === "local") {
    const result = raft.machine.query(raft.machineState, request.query);
    return answer(host, asker, { kind: "ok", result });
  }
  if (leadership === null) {
    return answer(host, asker, { kind: "notLeader", leader: raft.leader });
  }
  const reason = whyBusy(raft, leadership);
  if (reason !== undefined) return answer(host, asker, { kind: "busy", reason });
  accept(raft, leadership, { ...request, from }, host);
}

/** The bounds of what a leader holds in memory for clients. */
function whyBusy(raft: RaftState, leadership: Leadership): string | undefined {
  const { maxUncommitted } = raft.options;
  if (leadership.transfer !== null) return "leadership is being handed over";
  if (lastIndexOf(raft.log) - raft.commitIndex >= maxUncommitted) return "too many entries wait";
  return leadership.reads.length >= maxUncommitted ? "too many reads wait" : undefined;
}

function accept(
  raft: RaftState,
  leadership: Leadership,
  request: Asker & ClientRequest,
  host: RaftHost,
): void {
  switch (request.type) {
    case "openSession":
      return propose(raft, leadership, { asker: request, body: { kind: "openSession" } }, host);
    case "command": {
      const { command, session } = request;
      const body: EntryBody = { kind: "command", command, ...(session && { session }) };
      return propose(raft, leadership, { asker: request, body }, host);
    }
    case "query": {
      const { query, readMode = raft.options.readMode } = request;
      if (readMode !== "log") return acceptRead(raft, leadership, request);
      return propose(raft, leadership, { asker: request, body: { kind: "query", query } }, host);
    }
    case "changeMembership":
      return requestChange(raft, leadership, request, host);
    case "transferLeadership":
      return requestTransfer(raft, leadership, request, host);
  }
}

function propose(
  raft: RaftState,
  leadership: Leadership,
  { asker, body }: { asker: Asker; body: EntryBody },
  host: RaftHost,
): void {
  const index = appendToLog(raft, { ...body, term: raft.currentTerm }, host);
  leadership.pending.set(index, { from: asker.from, requestId: asker.requestId });
}
