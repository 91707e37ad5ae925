/** The generals in the simulator, for pictures and counts of messages. */
import { Simulator } from "../../../hosts";
import type { Message, NodeId, Protocol, Trace } from "../../../protocol";
import { wholeInRange } from "../../../basics";
import { defaultGeneralOptions } from "../generals";
import type { Order } from "../generals";
import { OralGeneral } from "../oral";
import { SignedGeneral } from "../signed";
import { OralTraitor, SignedTraitor } from "../traitors";
import type { OralLie, SignedTraitorOptions } from "../traitors";
import { namesOf } from "./rounds";
import type { Decided } from "./verdict";

export interface GeneralsRun {
  readonly algorithm: "oral" | "signed";
  /** 2 to 40. */
  readonly generals: number;
  /** m; there are m + 1 rounds. Default 1. */
  readonly rounds?: number;
  /** The commander's; default "attack". */
  readonly order?: Order;
  /** Default: all are loyal. */
  readonly traitors?: readonly NodeId[];
  /** Of the oral traitors. */
  readonly lies?: readonly OralLie[];
  /** Of the signed traitors, by round. */
  readonly sends?: SignedTraitorOptions["sends"];
}

export interface GeneralsOutcome {
  /** Of the loyal lieutenants. */
  readonly decisions: readonly Decided[];
  readonly messages: number;
  readonly trace: Trace;
}

/** Throws a RangeError for a number out of range. */
export function simulateGenerals(run: GeneralsRun): GeneralsOutcome {
  const { algorithm, rounds = 1, order = "attack", traitors = [], lies = [], sends = [] } = run;
  const names = namesOf(wholeInRange("generals", run.generals, { min: 2, max: 40 }));
  const network = { latency: { kind: "uniform", minMs: 5, maxMs: 40 } } as const;
  const simulator = new Simulator({ seed: 1, isTraced: true, network });
  const loyalClass = algorithm === "oral" ? OralGeneral : SignedGeneral;
  const traitorClass = algorithm === "oral" ? OralTraitor : SignedTraitor;
  for (const id of names) {
    const isTraitor = traitors.includes(id);
    const own = { lies: lies.filter(({ way }) => way[way.length - 1] === id), sends };
    const options = { order, traitors: rounds, ...(isTraitor && own) };
    const protocol = (isTraitor ? traitorClass : loyalClass) as unknown as AnyProtocol;
    simulator.add(id, protocol, { options });
  }
  simulator.run({ untilMs: (rounds + 2) * defaultGeneralOptions.roundMs });
  const decisions = names
    .filter((id) => id !== "n1" && !traitors.includes(id))
    .map((id) => ({ id, decision: (simulator.nodeOf(id) as unknown as Decided).decision }));
  const { trace } = simulator;
  return { decisions, messages: messagesOf(trace), trace };
}

type AnyProtocol = Protocol<Message, unknown, object>;

function messagesOf(trace: Trace): number {
  return trace.flatMap(({ effects }) => effects).filter(({ kind }) => kind === "send").length;
}
