/** Questions to other nodes, each with its number, its purpose and a timer. */
import type { NodeId } from "../../protocol";
import type { ChordCall, ChordHost } from "./messages";
import type { Call, ChordState, Purpose } from "./state";

type WithoutNumber<M> = M extends unknown ? Omit<M, "requestId"> : never;

/** Its answer, or the want of one, comes back with the purpose. */
export function call(
  state: ChordState,
  to: NodeId,
  asked: { readonly message: WithoutNumber<ChordCall>; readonly purpose: Purpose },
  host: ChordHost,
): void {
  const requestId = ++state.requests;
  const message = { ...asked.message, requestId };
  state.calls.set(requestId, { to, message, purpose: asked.purpose, attempts: 0 });
  tryAgain(state, requestId, host);
}

/** False when that is of no use any more. */
export function tryAgain(state: ChordState, requestId: number, host: ChordHost): boolean {
  const { options, calls } = state;
  const known = calls.get(requestId);
  if (known === undefined || known.attempts >= options.attempts) return false;
  known.attempts++;
  host.send(known.to, known.message);
  host.setTimer(`call/${requestId}`, options.timeoutMs);
  return true;
}

/** The call that is answered or given up; undefined when that has happened before. */
export function takeCall(state: ChordState, requestId: number, host: ChordHost): Call | undefined {
  const found = state.calls.get(requestId);
  if (found === undefined) return undefined;
  state.calls.delete(requestId);
  host.cancelTimer(`call/${requestId}`);
  return found;
}

export function askState(state: ChordState, to: NodeId, purpose: Purpose, host: ChordHost): void {
  call(state, to, { message: { type: "state" }, purpose }, host);
}
