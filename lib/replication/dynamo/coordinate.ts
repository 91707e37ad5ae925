/**
 * The coordinator of an operation: asks the owners, counts their answers, and tells the client.
 *
 * Source: DeCandia et al. 2007, sections 4.5 (quorums), 4.6 (sloppy quorums) and 5 (read repair).
 * While the ring changes, both the old owners and the new ones have to give a quorum.
 */
import { areSameVersions } from "../../clocks";
import type { NodeId } from "../../protocol";
import type { Cell, DynamoRequest, Stored, Versions } from "./messages";
import { partitionOf, targetsOf } from "./owners";
import { answer } from "./state";
import type { DynamoHost, DynamoState, Operation } from "./state";
import { keep, mergeVersions, valuesOf, versionsOf, write } from "./storage";

export type DataRequest = Exclude<DynamoRequest, { type: "changeRing" }>;

/** A client's request, here or sent on to an owner: section 5, "generic load balancer". */
export function onRequest(
  node: DynamoState,
  { client, request, isForwarded }: { client: NodeId; request: DataRequest; isForwarded: boolean },
  host: DynamoHost,
): void {
  if (request.type === "put" && isRepeated(node, client, request.requestId, host)) return;
  const partition = partitionOf(request.key, node.options);
  const targets = targetsOf(node.owners, partition);
  if (targets.includes(node.id)) return begin(node, { client, request, targets }, host);
  const owner = targets.find((id) => !node.suspects.has(id));
  if (owner !== undefined && !isForwarded) {
    return host.send(owner, { type: "forward", client, request });
  }
  if (node.options.isSloppy && targets.length > 0) {
    return begin(node, { client, request, targets }, host);
  }
  const reason = "no owner of the key can be reached";
  answer(host, client, {
    requestId: request.requestId,
    kind: "unavailable",
    isDefinite: true,
    reason,
  });
}

/**
 * A put that the network delivers twice would be two writes, the second of which could bring back
 * what has been replaced since: so the last one of each client is remembered, before it is done.
 */
function isRepeated(
  node: DynamoState,
  client: NodeId,
  requestId: number,
  host: DynamoHost,
): boolean {
  if (node.rules.isRepeated(requestId, node.lastPuts.get(client) ?? 0)) return true;
  node.lastPuts.set(client, requestId);
  host.save(`client/${client}`, requestId);
  return false;
}

function begin(
  node: DynamoState,
  { client, request, targets }: { client: NodeId; request: DataRequest; targets: NodeId[] },
  host: DynamoHost,
): void {
  const { key, requestId } = request;
  // Who is no owner keeps the write for the first owner that it cannot reach.
  const meant = targets.includes(node.id)
    ? node.id
    : (targets.find((id) => node.suspects.has(id)) ?? targets[0]);
  const added: Versions =
    request.type === "get"
      ? []
      : write(node, { key, meant, context: request.context, cell: cellOf(request, host) }, host);
  const operation: Operation = {
    id: `${node.id}/${node.life}/${++node.begun}`,
    client,
    requestId,
    key,
    partition: partitionOf(key, node.options),
    kind: request.type,
    epoch: node.epoch,
    versions: node.rules.replicated(versionsOf(node, key), added),
    added,
    answers: { [meant]: request.type === "get" ? versionsOf(node, key) : null },
    asked: { [meant]: [node.id] },
    rounds: 0,
    isAnswered: false,
  };
  node.operations.set(operation.id, operation);
  for (const target of targets) if (target !== meant) ask(node, operation, target, host);
  host.setTimer({ operation: operation.id }, node.options.replyMs);
  settle(node, operation, host);
}

function cellOf(
  { value, isDelete = false }: Extract<DataRequest, { type: "put" }>,
  { nowMs: writtenMs }: DynamoHost,
): Cell {
  return isDelete ? { value: null, writtenMs, isDeleted: true } : { value, writtenMs };
}

/** Sends what is asked to the owner, or to who stands for it when it does not answer. */
function ask(node: DynamoState, operation: Operation, meant: NodeId, host: DynamoHost): void {
  const to = receiverFor(node, operation, meant);
  operation.asked[meant] = [...(operation.asked[meant] ?? []), to];
  const { id, epoch, key, kind, versions } = operation;
  if (to === node.id) {
    if (kind === "put") keep(node, { key, meant, versions }, host);
    operation.answers[meant] = kind === "put" ? null : versionsOf(node, key);
    return;
  }
  const head = { operation: id, epoch, key, meant };
  host.send(to, kind === "put" ? { type: "store", ...head, versions } : { type: "fetch", ...head });
}

/** Section 4.6: "the first N healthy nodes from the preference list". */
function receiverFor(node: DynamoState, operation: Operation, meant: NodeId): NodeId {
  if (meant === node.id || !node.options.isSloppy || !node.suspects.has(meant)) return meant;
  const targets = targetsOf(node.owners, operation.partition);
  const used = Object.values(operation.asked).flat();
  const standIn = node.owners.walk[operation.partition].find((id) => {
    return !targets.includes(id) && !used.includes(id) && !node.suspects.has(id);
  });
  return standIn ?? meant;
}

export function onStored(
  node: DynamoState,
  from: NodeId,
  { operation: id, meant, versions }: Stored,
  host: DynamoHost,
): void {
  const operation = node.operations.get(id);
  if (operation === undefined || !operation.asked[meant]?.includes(from)) return;
  // An answer to the reading part of an operation that is writing by now.
  if ((versions === null) !== (operation.kind === "put")) return;
  operation.answers[meant] = versions;
  if (versions !== null) operation.versions = mergeVersions(node, operation.versions, versions);
  settle(node, operation, host);
}

/** Somebody knows a later ring: the operation begins again among the owners of that one. */
export function restartOperation(node: DynamoState, id: string, host: DynamoHost): void {
  const operation = node.operations.get(id);
  if (operation === undefined || operation.epoch >= node.epoch) return;
  operation.epoch = node.epoch;
  operation.answers = {};
  operation.asked = {};
  for (const target of targetsOf(node.owners, operation.partition)) {
    if (target !== node.id) ask(node, operation, target, host);
    else {
      operation.asked[target] = [target];
      operation.answers[target] = operation.kind === "put" ? null : versionsOf(node, operation.key);
      if (operation.kind === "put") keep(node, { ...operation, meant: target }, host);
    }
  }
  settle(node, operation, host);
}

/** Tells the client when there is a quorum, and forgets the operation when all have answered. */
function settle(node: DynamoState, operation: Operation, host: DynamoHost): void {
  const { options } = node;
  const wanted = operation.kind === "put" ? options.writeQuorum : options.readQuorum;
  if (!operation.isAnswered && hasQuorum(node, operation, wanted)) {
    if (operation.kind === "get" && options.readRepair === "first") {
      return writeBack(node, operation, host);
    }
    tell(node, operation, host);
  }
  const targets = targetsOf(node.owners, operation.partition);
  if (operation.isAnswered && targets.every((id) => id in operation.answers)) {
    end(node, operation, host);
  }
}

function hasQuorum(node: DynamoState, operation: Operation, wanted: number): boolean {
  const { owners, rules } = node;
  const lists = rules.quorumLists(owners.old[operation.partition], owners.now[operation.partition]);
  const needed = rules.quorum(wanted);
  return lists.every((ids) => ids.filter((id) => id in operation.answers).length >= needed);
}

function tell(node: DynamoState, operation: Operation, host: DynamoHost): void {
  const { client, requestId, versions, added } = operation;
  operation.isAnswered = true;
  const values = valuesOf(versions);
  const context = node.rules.answered(versions, added);
  answer(host, client, { requestId, kind: "ok", values, context });
}

/**
 * A quorum has what the read has found before the client hears of it, so no later read has less.
 */
function writeBack(node: DynamoState, operation: Operation, host: DynamoHost): void {
  const { versions, answers } = operation;
  const targets = targetsOf(node.owners, operation.partition);
  const upToDate = targets.filter((id) => areSameVersions(answers[id] ?? [], versions));
  operation.kind = "put";
  operation.answers = Object.fromEntries(upToDate.map((id) => [id, null]));
  for (const id of targets) {
    if (!upToDate.includes(id)) ask(node, operation, id, host);
  }
  settle(node, operation, host);
}

/** The time for answers is over: who has not answered is suspected, and asked again. */
export function onReplyTimer(node: DynamoState, id: string, host: DynamoHost): void {
  const operation = node.operations.get(id);
  if (operation === undefined) return;
  operation.rounds++;
  const targets = targetsOf(node.owners, operation.partition);
  const missing = targets.filter((target) => !(target in operation.answers));
  for (const target of missing) {
    const silent = operation.asked[target]?.at(-1);
    if (silent !== undefined && silent !== node.id) node.suspects.add(silent);
  }
  // What is left to do after the answer is to leave hints; other owners are told by other means.
  const isDone = operation.isAnswered && (!node.options.isSloppy || operation.kind === "get");
  if (isDone || operation.rounds >= node.options.rounds) return end(node, operation, host);
  for (const target of missing) ask(node, operation, target, host);
  host.setTimer({ operation: id }, node.options.replyMs);
  settle(node, operation, host);
}

function end(node: DynamoState, operation: Operation, host: DynamoHost): void {
  node.operations.delete(operation.id);
  host.cancelTimer({ operation: operation.id });
  const { kind, client, requestId } = operation;
  if (!operation.isAnswered) {
    const reason = "too few owners have answered in time";
    // A read that was given up has changed nothing that its client could see.
    const isDefinite = kind === "get" || operation.added.length === 0;
    return answer(host, client, { requestId, kind: "unavailable", isDefinite, reason });
  }
  if (kind === "get" && node.options.readRepair !== "none") repairStale(node, operation, host);
}

/** Section 5, "read repair": those whose answers lacked something get it. */
function repairStale(node: DynamoState, operation: Operation, host: DynamoHost): void {
  const { key, versions, answers } = operation;
  for (const [id, theirs] of Object.entries(answers)) {
    if (theirs === null || areSameVersions(theirs, versions)) continue;
    host.note("readRepair", { key, at: id });
    if (id === node.id) keep(node, { key, meant: id, versions }, host);
    else host.send(id, { type: "repair", key, versions });
  }
}
