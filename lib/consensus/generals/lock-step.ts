/**
 * What both algorithms do alike: the commander speaks first, all count rounds, lieutenants pass on
 * what they heard at the end of each, and after m + 1 rounds everybody decides.
 */
import type { Event, Host, Message, NodeId } from "../../protocol";
import type { GeneralOptions, Order } from "./generals";

export type RoundHost<M extends Message> = Host<M, "round">;

export interface General<M extends Message> {
  readonly id: NodeId;
  readonly options: GeneralOptions;
  /** Rounds that have ended. */
  round: number;
  decision: Order | null;
  /** The commander's first word. */
  command(host: RoundHost<M>): void;
  hear(from: NodeId, message: M): void;
  /** At the end of every round but the last. */
  passOn(host: RoundHost<M>): void;
  /** What a lieutenant makes of all that was heard. */
  choice(): Order;
}

/** One event of a general. */
export function stepInRounds<M extends Message>(
  general: General<M>,
  event: Event<M, "round">,
  host: RoundHost<M>,
): void {
  const { id, options } = general;
  if (event.kind === "message") return general.hear(event.from, event.message);
  if (event.kind === "start") {
    if (id === options.commander) general.command(host);
  } else if (++general.round > options.traitors) {
    return decide(general, host);
  } else general.passOn(host);
  host.setTimer("round", options.roundMs);
}

function decide<M extends Message>(general: General<M>, host: RoundHost<M>): void {
  const { commander, order } = general.options;
  general.decision = general.id === commander ? order : general.choice();
  host.note("decided", { order: general.decision });
}
