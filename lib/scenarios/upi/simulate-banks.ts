/** UPI kept by its banks together: each is a replica of PBFT, and some of them may lie. */
import { InputError } from "../../basics";
import { ByzantinePbft, Pbft, PbftClient, checkEvidence, pbftKeys } from "../../consensus";
import type { PbftBehaviour, PbftEvidence, PbftMessage, PbftOptions } from "../../consensus";
import type { PbftTimer } from "../../consensus";
import { Simulator } from "../../hosts";
import type { Fault, SimulatedNote } from "../../hosts";
import { at } from "../../hosts";
import type { NodeId, Trace } from "../../protocol";
import type { UpiAnswer, UpiCommand, UpiLook, UpiQuery } from "./commands";
import { conflictsIn } from "./evidence";
import { booksFlaw } from "./invariants";
import { upiMachine } from "./machine";
import type { UpiState } from "./state";

/** Who asks what, one thing after the other. */
export interface UpiPhone {
  /** Such as "asha": the name of a client, with keys of its own. */
  readonly name: string;
  readonly asks: readonly (UpiCommand | UpiQuery)[];
  /** When it begins, in ms; default 0. */
  readonly startAtMs?: number;
}

export interface UpiRun {
  /** 3f + 1 handles, the first primary first; default sbi, hdfc, icici, axis. */
  readonly banks?: readonly string[];
  readonly phones: readonly UpiPhone[];
  /** What lying banks do; default: none lies. Several liars know each other. */
  readonly liars?: Readonly<Record<string, readonly PbftBehaviour[]>>;
  /** When they begin to lie, in ms; default 0. */
  readonly liesFromMs?: number;
  readonly options?: Partial<PbftOptions>;
  /** Default none. */
  readonly faults?: readonly { readonly atMs: number; readonly fault: Fault }[];
  /** Default 1. */
  readonly seed?: number;
  /** Default 5,000 ms. */
  readonly untilMs?: number;
}

/** What a phone was told; `answer` is null while nothing was believed. */
export interface UpiReceipt {
  readonly phone: string;
  readonly asked: UpiCommand | UpiQuery;
  readonly answer: UpiAnswer | UpiLook | null;
  readonly atMs: number | null;
}

/** The books of a bank that does not lie. */
export interface UpiBooks {
  readonly bank: string;
  /** Of PBFT, from 0: each number more is a primary that was given up. */
  readonly view: number;
  readonly executed: number;
  /** In paise, by address. */
  readonly balances: Readonly<Record<string, number>>;
  /** Undefined: nothing is wrong with them. */
  readonly flaw: string | undefined;
}

export interface UpiConviction {
  readonly accused: string;
  /** What it did, in words. */
  readonly sentence: string;
  readonly evidence: PbftEvidence;
}

export interface UpiOutcome {
  readonly receipts: readonly UpiReceipt[];
  readonly books: readonly UpiBooks[];
  /** What the honest banks heard, held together: signed, so that any judge can check it. */
  readonly convictions: readonly UpiConviction[];
  readonly trace: Trace<PbftMessage, PbftTimer>;
}

/** The default banks, by their handles. */
export const upiBanks: readonly string[] = ["sbi", "hdfc", "icici", "axis"];

/** Throws InputError for a liar that is no bank, RangeError for a wrong option. */
export function simulateUpi(run: UpiRun): UpiOutcome {
  const { banks = upiBanks, phones, liars = {}, seed = 1, untilMs = 5_000 } = run;
  const stranger = Object.keys(liars).find((name) => !banks.includes(name));
  if (stranger !== undefined) throw new InputError(`${stranger} is none of the banks`);
  const notes: SimulatedNote[] = [];
  const simulator = new Simulator<PbftMessage, PbftTimer>({
    seed,
    isTraced: true,
    network: { latency: { kind: "uniform", minMs: 5, maxMs: 25 } },
    onNote: (note) => notes.push(note),
  });
  const keys = pbftKeys("upi", [...banks, ...phones.map(({ name }) => name)]);
  for (const bank of banks) {
    const common = { machine: upiMachine.name, ...run.options, replicas: banks };
    const options = { ...common, keys: keys[bank] };
    const peers = banks.filter((other) => other !== bank);
    const behaviours = liars[bank];
    if (behaviours === undefined) simulator.add(bank, Pbft, { peers, options });
    else {
      const accomplices = Object.keys(liars).filter((other) => other !== bank);
      const lying = { ...options, behaviours, accomplices, liesFromMs: run.liesFromMs ?? 0 };
      simulator.add(bank, ByzantinePbft, { peers, options: lying });
    }
  }
  for (const { name, asks, startAtMs } of phones) {
    const operations = asks.map(operationOf);
    const options = { operations, keys: keys[name], replicas: banks };
    simulator.add(name, PbftClient, { peers: banks, options, ...(startAtMs && { startAtMs }) });
  }
  simulator.schedule(...(run.faults ?? []).map(({ atMs, fault }) => at(atMs, fault)));
  simulator.run({ untilMs });
  const honest = banks.filter((bank) => liars[bank] === undefined);
  const { trace } = simulator;
  return {
    receipts: phones.flatMap((phone) => receiptsOf(phone, notes)),
    books: honest.flatMap((bank) => booksOf(simulator.nodeOf(bank) as Pbft | undefined)),
    convictions: convictionsOf(trace, honest, keys[banks[0] as string].publicKeys),
    trace,
  };
}

function operationOf(asked: UpiCommand | UpiQuery) {
  const isQuery = ["balance", "statement", "positions", "total"].includes(asked.op);
  return isQuery ? { query: asked } : { command: asked };
}

/** A phone asks one thing at a time, so that its answers come in the order of its questions. */
function receiptsOf({ name, asks }: UpiPhone, notes: readonly SimulatedNote[]): UpiReceipt[] {
  const ends = notes.filter(({ node, label }) => node === name && label !== "invoke");
  return asks.map((asked, i) => {
    const end = ends[i];
    if (end === undefined) return { phone: name, asked, answer: null, atMs: null };
    const { value } = end.detail as { value: UpiAnswer | UpiLook };
    return { phone: name, asked, answer: value, atMs: end.atMs };
  });
}

/** Nothing of a bank that is down. */
function booksOf(replica: Pbft | undefined): UpiBooks[] {
  if (replica === undefined) return [];
  const { id, view, lastExecuted } = replica;
  const state = replica.machineState as UpiState;
  const balances = [...state.accounts].map(([address, { balancePaise }]) => {
    return [address, balancePaise] as const;
  });
  const flaw = booksFlaw(state);
  return [{ bank: id, view, executed: lastExecuted, balances: Object.fromEntries(balances), flaw }];
}

function convictionsOf(
  trace: Trace<PbftMessage, PbftTimer>,
  honest: readonly NodeId[],
  publicKeys: Readonly<Record<NodeId, string>>,
): UpiConviction[] {
  const heard = trace.flatMap(({ node, event }) => {
    return event.kind === "message" && honest.includes(node) ? [event.message] : [];
  });
  return conflictsIn(heard as PbftMessage[]).flatMap((evidence) => {
    const verdict = checkEvidence(evidence, publicKeys);
    if (verdict.kind === "rejected") return [];
    return [{ accused: verdict.accused, sentence: verdict.sentence, evidence }];
  });
}
