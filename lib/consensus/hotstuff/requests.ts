/** Commands of clients wait here until a block with them is decided; repeats are answered. */
import type { NodeId } from "../../protocol";
import { isCommand } from "./block";
import type { Command, Request } from "./messages";
import type { HotStuffHost, HotStuffState } from "./state";

export function onRequest(
  state: HotStuffState,
  from: NodeId,
  { client, requestId, command, signature }: Request,
  host: HotStuffHost,
): void {
  const executed = state.executed.get(client);
  if (executed?.requestId === requestId && from === client) {
    return host.send(from, { type: "reply", requestId, result: executed.result });
  }
  acceptCommand(state, { client, requestId, command, signature }, host);
}

/** Whoever brings it: its client's signature is what counts. */
export function acceptCommand(state: HotStuffState, command: Command, host: HotStuffHost): void {
  const { pending, executed, options } = state;
  const { client, requestId } = command;
  const newest = pending.get(client)?.requestId ?? executed.get(client)?.requestId ?? 0;
  if (requestId <= newest) return;
  if (!pending.has(client) && pending.size >= options.maxPending) return;
  if (!isCommand(command, options.keySeed)) {
    return host.note("refused", { flaw: "a forged command", client });
  }
  pending.set(client, command);
}
