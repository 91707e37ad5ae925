/** An adversary who lies to clients; all of a plot tell the same lie. */
import { proven } from "../liar";
import type { Deed } from "../liar";

export const lyingToClients: Deed = {
  instead(liar, { to, message }) {
    if (message.type !== "reply") return [{ to, message }];
    const result = { kind: "ok", value: "a lie" };
    return [{ to, message: proven(liar, message, { result }, [to]) }];
  },
};

/** States that it keeps: reads are answered from the oldest. */
const mostStates = 3;

/** Answers reads, and only these, as if the last requests had not been executed. */
export const staleReads: Deed = {
  instead(liar, { to, message }) {
    const query = liar.queries.get(to);
    const [oldest] = liar.states;
    if (message.type !== "reply" || !message.isReadOnly || query === undefined) {
      return [{ to, message }];
    }
    const state = liar.machine.fromJson(oldest ?? liar.machine.toJson(liar.machine.initial()));
    const result = liar.machine.query(state, query) ?? null;
    return [{ to, message: proven(liar, message, { result }, [to]) }];
  },
  beforehand(liar, heard) {
    if (heard.type !== "request" || !("query" in heard.operation)) return;
    liar.queries.set(heard.client, heard.operation.query);
  },
  besides(liar) {
    if (liar.lastExecuted === liar.stateOf) return;
    liar.stateOf = liar.lastExecuted;
    const state = structuredClone(liar.machine.toJson(liar.machineState));
    liar.states = [...liar.states, state].slice(-mostStates);
  },
};
