/**
 * A server that writes for its clients: through to the database at once, or back to it later.
 * Write-through answers when the database has the row; write-back at once, and a crash loses what
 * was not flushed. Versions of write-back are the server's own, later lives' above earlier ones'.
 */
import type { NodeId } from "../../protocol";
import { bury, voidLease } from "./leases";
import type { CacheRequest, Row } from "./messages";
import type { CacheHost, ServerState, WriteThrough } from "./state";
import { drop, keep, ttlOf } from "./store";

type WriteRequest = Extract<CacheRequest, { type: "write" }>;

/** So many writes of one life have versions of their own. */
const writesOfLife = 2 ** 32;

export function onWrite(
  node: ServerState,
  client: NodeId,
  request: WriteRequest,
  host: CacheHost,
): void {
  if (node.options.writes === "back") writeBack(node, client, request, host);
  else writeThrough(node, client, request, host);
}

function writeThrough(
  node: ServerState,
  client: NodeId,
  request: WriteRequest,
  host: CacheHost,
): void {
  const { key, requestId } = request;
  const before = node.writes.get(key) ?? [];
  if (before.some((write) => write.client === client && write.request.requestId === requestId)) {
    return;
  }
  if (before.length >= node.options.maxQueue) return host.send(client, { type: "busy", requestId });
  const write: WriteThrough = { client, request, requestId: 0, sentMs: 0 };
  node.writes.set(key, [...before, write]);
  if (!node.rules.isStoredFirst) answer(node, write, host);
  if (before.length === 0) sendFirst(node, key, host);
}

/** To a client that shall not wait for the database: against the rule. */
function answer(node: ServerState, { client, request }: WriteThrough, host: CacheHost): void {
  const version = (node.entries.get(request.key)?.row.version ?? 0) + 1;
  host.send(client, { type: "written", requestId: request.requestId, version });
}

/** Readers miss while a write is under way: nobody knows whether the old row still counts. */
function sendFirst(node: ServerState, key: string, host: CacheHost): void {
  const [first, ...rest] = node.writes.get(key) ?? [];
  if (first === undefined) return void node.writes.delete(key);
  const sent = { ...first, requestId: ++node.requestId, sentMs: host.nowMs };
  node.writes.set(key, [sent, ...rest]);
  drop(node, key, host);
  voidLease(node, key);
  sendStore(node, sent, host);
}

function sendStore(node: ServerState, write: WriteThrough, host: CacheHost): void {
  const { client, request, requestId } = write;
  const { key, value } = request;
  host.setTimer({ write: key }, node.options.replyMs);
  const store = { type: "store", requestId, key, value } as const;
  host.send(node.options.database, { ...store, writer: client, order: request.requestId });
}

/** The database has not answered: the same store again, which it does once. */
export function onWriteTimer(node: ServerState, key: string, host: CacheHost): void {
  const [first] = node.writes.get(key) ?? [];
  if (first !== undefined) sendStore(node, first, host);
}

export function onStored(
  node: ServerState,
  answered: { readonly requestId: number; readonly key: string; readonly row: Row },
  host: CacheHost,
): void {
  if (node.options.writes === "back") return onFlushed(node, answered, host);
  const { requestId, key, row } = answered;
  const [first, ...rest] = node.writes.get(key) ?? [];
  if (first === undefined || first.requestId !== requestId) return;
  host.cancelTimer({ write: key });
  voidLease(node, key);
  // The row may be pushed out at once; then no older one may take its place.
  bury(node, key, row.version, host);
  const tookMs = Math.max(0, host.nowMs - first.sentMs);
  const entry = { row, endsAtMs: first.sentMs + ttlOf(node, row), tookMs, isDirty: false };
  if (!keep(node, key, entry, host)) drop(node, key, host);
  const { client, request } = first;
  host.send(client, { type: "written", requestId: request.requestId, version: row.version });
  node.writes.set(key, rest);
  sendFirst(node, key, host);
}

function writeBack(
  node: ServerState,
  client: NodeId,
  request: WriteRequest,
  host: CacheHost,
): void {
  const { key, value, requestId } = request;
  const order = `${client} ${key}`;
  if (requestId <= (node.orders.get(order) ?? 0)) return;
  const version = node.life * writesOfLife + ++node.tokens;
  const row = { value, version };
  const entry = { row, endsAtMs: Infinity, tookMs: 0, isDirty: true };
  voidLease(node, key);
  const old = node.entries.get(key);
  if (!keep(node, key, entry, host)) {
    if (old !== undefined) node.entries.set(key, old);
    return host.send(client, { type: "busy", requestId });
  }
  node.orders.set(order, requestId);
  if (node.dirty.size === 0) host.setTimer("flush", node.options.flushMs);
  if (!node.dirty.has(key)) node.dirty.set(key, 0);
  host.note("dirty", { key, version });
  host.send(client, { type: "written", requestId, version });
}

/** Sends all that is dirty; what was sent and not answered goes again as it is now. */
export function onFlushTimer(node: ServerState, host: CacheHost): void {
  for (const key of node.dirty.keys()) {
    const row = node.entries.get(key)?.row;
    if (row === undefined) {
      node.dirty.delete(key);
      continue;
    }
    const requestId = ++node.requestId;
    node.dirty.set(key, requestId);
    const store = { type: "store", requestId, key, value: row.value } as const;
    const own = { writer: node.id, order: row.version, version: row.version };
    host.send(node.options.database, { ...store, ...own });
  }
  if (node.dirty.size > 0) host.setTimer("flush", node.options.flushMs);
}

function onFlushed(
  node: ServerState,
  { key, row }: { readonly key: string; readonly row: Row },
  host: CacheHost,
): void {
  host.note("flushed", { key, version: row.version });
  bury(node, key, row.version, host);
  const entry = node.entries.get(key);
  if (entry === undefined || !entry.isDirty || entry.row.version > row.version) return;
  node.dirty.delete(key);
  keep(node, key, { ...entry, row, endsAtMs: host.nowMs + ttlOf(node, row), isDirty: false }, host);
}
