/** One command through PBFT or HotStuff in the simulator, with all that was sent counted. */
import { wholeInRange } from "../../../basics";
import { Simulator, at, crash } from "../../../hosts";
import type { Latency } from "../../../hosts";
import type { Message, Protocol, Trace } from "../../../protocol";
import { HotStuff, HotStuffClient } from "../../hotstuff";
import { Pbft, PbftClient } from "../../pbft";
import { faultsOf } from "../../pbft/rules";
import { countProofs } from "../proofs";

export type ByzantineProtocol = "pbft" | "hotStuff";

export interface CostExperiment {
  readonly protocol: ByzantineProtocol;
  /** 4 to 100. */
  readonly replicas: number;
  /** One way; default 10 ms, constant: then `tookMs` / 10 is the number of message delays. */
  readonly latency?: Latency;
  /** Decides a latency that varies; default 1. */
  readonly seed?: number;
  /** The first so many leaders crash before the command is asked for; default 0, f at most. */
  readonly deadLeaders?: number;
  /** Of PBFT; default "signatures", as HotStuff has them. */
  readonly authentication?: "signatures" | "macs";
  /** Keeps the trace, for diagrams; default false. */
  readonly isTraced?: boolean;
}

export interface AgreementCost {
  /** By type. */
  readonly messages: Readonly<Record<string, number>>;
  readonly total: number;
  /** Signatures in all messages, or codes: the paper's authenticators. */
  readonly proofs: number;
  /** JSON of all messages. */
  readonly bytes: number;
  /** Between the client's question and its certain answer. */
  readonly tookMs: number;
  /** Empty unless it was asked for. */
  readonly trace: Trace<Message, unknown>;
}

type AnyProtocol = Protocol<Message, unknown, object>;

const classes = {
  pbft: { Replica: Pbft, Client: PbftClient },
  hotStuff: { Replica: HotStuff, Client: HotStuffClient },
};

/** A leader is given up after so long, which no message takes. */
const timeoutMs = 1_000;
/** More than enough for a command, and for a few changes of leader before it. */
const untilMs = 60_000;

/** Counts the second of two commands: the first one finds everything unused. */
export function measureAgreement(experiment: CostExperiment): AgreementCost {
  const { latency = { kind: "constant", ms: 10 }, seed = 1, deadLeaders = 0 } = experiment;
  const replicas = wholeInRange("replicas", experiment.replicas, { min: 4, max: 100 });
  wholeInRange("deadLeaders", deadLeaders, { min: 0, max: faultsOf(replicas) });
  const dead = Array.from({ length: deadLeaders }, (_, i) => `n${i + 1}`);
  const times: number[] = [];
  const simulator = new Simulator<Message, unknown>({
    ...{ seed, network: { latency } },
    onNote: ({ node, label, atMs }) => {
      if (node === "c1" && (label === "invoke" || label === "ok")) times.push(atMs);
    },
  });
  addNodes(simulator, experiment, replicas);
  simulator.run({ untilMs });
  const before = simulator.trace.length;
  if (deadLeaders > 0) simulator.schedule(at(simulator.nowMs, crash(dead)));
  simulator.inject("outside", "c1", { type: "submit", operation: put("ravi") } as Message);
  simulator.run({ untilMs: simulator.nowMs + untilMs });
  const [, , invokedMs = NaN, answeredMs = NaN] = times;
  const trace = since(simulator.trace, before);
  const tookMs = answeredMs - invokedMs;
  return { ...count(trace), tookMs, trace: experiment.isTraced === true ? trace : [] };
}

/** The trace from this step on, as if it began there at time 0. */
function since(trace: Trace<Message, unknown>, first: number): Trace<Message, unknown> {
  const startMs = trace[first]?.atMs ?? 0;
  return trace.slice(first).map(({ cause, ...step }) => {
    const own = cause === undefined || cause.step < first ? undefined : cause;
    const moved = { ...step, atMs: step.atMs - startMs };
    return own === undefined ? moved : { ...moved, cause: { ...own, step: own.step - first } };
  });
}

function put(key: string): object {
  return { command: { op: "put", key, value: 500 } };
}

/** PBFT's client asks the first leader alone, and the others half a timeout later. */
function addNodes(
  simulator: Simulator<Message, unknown>,
  { protocol, authentication = "signatures" }: CostExperiment,
  replicas: number,
): void {
  const ids = Array.from({ length: replicas }, (_, i) => `n${i + 1}`);
  const { Replica, Client } = classes[protocol] as unknown as Record<string, AnyProtocol>;
  const isPbft = protocol === "pbft";
  const options: object = isPbft
    ? { authentication, requestTimeoutMs: timeoutMs, statusMs: untilMs }
    : { viewTimeoutMs: timeoutMs };
  for (const id of ids) {
    const peers = ids.filter((other) => other !== id);
    simulator.add(id, Replica as AnyProtocol, { peers, options });
  }
  const own = isPbft ? { authentication, retryMs: timeoutMs / 2 } : { retryMs: untilMs };
  simulator.add("c1", Client as AnyProtocol, {
    peers: ids,
    options: { ...own, operations: [put("asha")] },
  });
}

function count(trace: Trace): Pick<AgreementCost, "messages" | "total" | "proofs" | "bytes"> {
  const messages: Record<string, number> = {};
  const cost = { total: 0, proofs: 0, bytes: 0 };
  for (const { effects } of trace) {
    for (const effect of effects) {
      if (effect.kind !== "send") continue;
      const { message } = effect;
      messages[message.type] = (messages[message.type] ?? 0) + 1;
      cost.total++;
      cost.proofs += countProofs(message);
      cost.bytes += JSON.stringify(message).length;
    }
  }
  return { messages, ...cost };
}
