/** What is done once an owner is found: for clients, for the node itself. */
import { errorAnswer } from "../../protocol";
import type { NodeId } from "../../protocol";
import { call } from "./calls";
import { rehome } from "./copying";
import { joinBefore } from "./joining";
import type { ChordHost, Fetched, Get, Lookup, Put } from "./messages";
import { placeOf } from "./places";
import { search } from "./searching";
import type { Asker, ChordState, Finding, Goal, Search } from "./state";

export function onRequest(
  state: ChordState,
  from: NodeId,
  request: Lookup | Put | Get,
  host: ChordHost,
): void {
  const { requestId } = request;
  const asker = { from, ...(requestId !== undefined && { requestId }) };
  if (state.part !== "member") return refuse(asker, "this node is no member of the ring", host);
  if (request.type === "lookup") {
    const { place } = request;
    return search(state, { place, goal: { kind: "owner", place, ...asker } }, host);
  }
  const { key } = request;
  const goal: Goal =
    request.type === "get"
      ? { kind: "get", key, ...asker }
      : { kind: "put", block: { key, value: request.value }, ...asker };
  search(state, { place: placeOf(state.options, key), goal }, host);
}

export function onFound(
  state: ChordState,
  { goal, place }: Search,
  { owners, before, hops }: Finding,
  host: ChordHost,
): void {
  const owner = owners[0] as NodeId;
  switch (goal.kind) {
    case "join":
      return joinBefore(state, owners, host);
    case "finger":
      state.fingers[goal.index] = owner;
      return;
    case "rehome":
      return rehome(state, { owners, before }, host);
    case "owner":
      host.note("found", { place, owner, hops });
      return answer(goal, { type: "owner", owner, hops }, host);
    default:
      return reach(state, goal, owners, host);
  }
}

export function onNotFound(state: ChordState, goal: Goal, host: ChordHost): void {
  if (goal.kind === "finger") state.fingers[goal.index] = null;
  if (!("from" in goal)) return;
  host.note("notFound");
  refuse(goal, "no owner could be found for now", host);
}

type Reach = Extract<Goal, { kind: "put" | "get" }>;

/** The owner, or who comes next if it does not answer, or has not what is asked for. */
export function reach(
  state: ChordState,
  goal: Reach,
  [next, ...others]: readonly NodeId[],
  host: ChordHost,
): void {
  if (next === undefined) return giveUp(goal, host);
  const purpose = { kind: "reach", goal, others } as const;
  const message =
    goal.kind === "put"
      ? ({ type: "store", blocks: [goal.block] } as const)
      : ({ type: "fetch", key: goal.key } as const);
  call(state, next, { message, purpose }, host);
}

function giveUp(goal: Reach, host: ChordHost): void {
  host.note(goal.kind === "get" ? "missing" : "notKept", keyOf(goal));
  if (goal.kind === "get") return answer(goal, { type: "value", kind: "missing" }, host);
  if (goal.requestId === undefined) return;
  host.send(goal.from, errorAnswer(goal.requestId, "timeout", "not all copies could be made"));
}

function keyOf(goal: Reach): { key: string } {
  return { key: goal.kind === "put" ? goal.block.key : goal.key };
}

export function onFetched(
  state: ChordState,
  { goal, others }: { readonly goal: Reach; readonly others: readonly NodeId[] },
  { blocks }: Fetched,
  host: ChordHost,
): void {
  const [block] = blocks;
  if (block === undefined) return reach(state, goal, others, host);
  host.note("read", { key: block.key, value: block.value });
  answer(goal, { type: "value", kind: "found", value: block.value }, host);
}

export function onStored(goal: Reach, host: ChordHost): void {
  if (goal.kind !== "put") return;
  host.note("kept", goal.block);
  answer(goal, { type: "kept" }, host);
}

type Answer =
  | { readonly type: "owner"; readonly owner: NodeId; readonly hops: number }
  | { readonly type: "value"; readonly kind: "found" | "missing"; readonly value?: unknown }
  | { readonly type: "kept" };

/** Who wants no answer gives no number. */
function answer({ from, requestId }: Asker, message: Answer, host: ChordHost): void {
  if (requestId !== undefined) host.send(from, { ...message, requestId });
}

function refuse({ from, requestId }: Asker, why: string, host: ChordHost): void {
  if (requestId === undefined) return;
  host.send(from, errorAnswer(requestId, "temporarilyUnavailable", why));
}
