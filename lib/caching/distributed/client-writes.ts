/** Writes: aside and around by the client itself, through and back by the key's server. */
import type { NodeId } from "../../protocol";
import type { CacheAnswer, DatabaseAnswer } from "./messages";
import { holdersOf, ownerOf } from "./places";
import { suspect } from "./servers";
import type { ClientState, Write } from "./client-state";
import type { ReadContext } from "./client-reads";

type WriteContext = ReadContext;

export function beginWrite(
  node: ClientState,
  { operation, key, value }: { operation: number; key: string; value: unknown },
  { host }: WriteContext,
): void {
  const requestId = ++node.counter;
  const write: Write = {
    ...{ operation, key, value, phase: "storing", requestId },
    ...{ version: 0, pending: [], rounds: 0 },
  };
  node.writes.set(operation, write);
  node.askers.set(requestId, { write: operation });
  host.setTimer({ operation }, node.options.loadMs);
  const { writes, database } = node.options;
  if (writes === "through" || writes === "back") {
    return host.send(ownerOf(node, key), { type: "write", requestId, key, value });
  }
  const store = {
    type: "store",
    requestId,
    key,
    value,
    writer: node.id,
    order: requestId,
  } as const;
  host.send(database, store);
}

/** The database has the row: aside, the cache must forget it before anybody hears so. */
export function onStored(
  node: ClientState,
  write: Write,
  { row }: Extract<DatabaseAnswer, { type: "stored" }>,
  context: WriteContext,
): void {
  if (write.phase !== "storing") return;
  write.version = row.version;
  const { writes } = node.options;
  if (writes === "around" || writes === "log") return end(node, write, context);
  const { gutters } = node.options;
  const known = { gutters, suspects: new Set(node.suspects.keys()) };
  write.phase = "deleting";
  write.pending = [...node.rules.mustDelete(holdersOf(node, write.key), known)];
  if (write.pending.length === 0) return end(node, write, context);
  sendDeletes(node, write, context);
}

function sendDeletes(node: ClientState, write: Write, { host }: WriteContext): void {
  const { key, requestId, version } = write;
  host.setTimer({ operation: write.operation }, node.options.replyMs);
  for (const id of write.pending) host.send(id, { type: "delete", requestId, key, version });
}

export function onDeleted(
  node: ClientState,
  write: Write,
  from: NodeId,
  context: WriteContext,
): void {
  if (write.phase === "storing") return;
  write.pending = write.pending.filter((id) => id !== from);
  if (write.pending.length === 0) end(node, write, context);
}

/** The key's server has written. */
export function onWritten(
  node: ClientState,
  write: Write,
  { version }: Extract<CacheAnswer, { type: "written" }>,
  context: WriteContext,
): void {
  write.version = version;
  end(node, write, context);
}

export function onRefused(node: ClientState, write: Write, context: WriteContext): void {
  if (write.phase === "storing") finish(node, write, context, { kind: "fail", value: "busy" });
}

export function onWriteTimer(node: ClientState, write: Write, context: WriteContext): void {
  const { host } = context;
  const { replyMs, invalidateMs, unreachable } = node.options;
  if (write.phase === "expiring") return end(node, write, context);
  if (write.phase === "storing") {
    return finish(node, write, context, { kind: "info", value: "no answer" });
  }
  for (const id of write.pending) suspect(node, id, host.nowMs);
  if (++write.rounds * replyMs < invalidateMs) return sendDeletes(node, write, context);
  host.note("notInvalidated", { key: write.key, servers: write.pending });
  if (unreachable === "report") {
    return finish(node, write, context, { kind: "info", value: "not deleted everywhere" });
  }
  write.phase = "expiring";
  host.setTimer({ operation: write.operation }, node.rules.waitMs(node.options));
}

function end(node: ClientState, write: Write, context: WriteContext): void {
  const { version, value } = write;
  finish(node, write, context, { kind: "ok", value, version });
}

function finish(
  node: ClientState,
  write: Write,
  context: WriteContext,
  outcome: Parameters<ReadContext["end"]>[1],
): void {
  context.host.cancelTimer({ operation: write.operation });
  node.askers.delete(write.requestId);
  node.writes.delete(write.operation);
  context.end(write.operation, outcome);
}
