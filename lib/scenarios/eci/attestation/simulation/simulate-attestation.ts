/** Counting centres and polling parties in the simulator, some of the centres lying or cut off. */
import { wholeInRange } from "../../../../basics";
import { at, heal, partition, Simulator } from "../../../../hosts";
import type { SimulatedNote } from "../../../../hosts";
import type { NodeId, Trace } from "../../../../protocol";
import { CountingCentre } from "../counting-centre";
import { lying } from "../lying-centre";
import type { Lie } from "../lies";
import { totalText } from "../machine-total";
import type { MachineTotal } from "../machine-total";
import type { AttestationMessage, AttestationTimer, Certificate, Evidence } from "../messages";
import { PollingParty } from "../polling-party";
import { demonstrationKeys, quorumOf, sealTotal } from "../signatures";
import type { KeyBook } from "../signatures";

export interface AttestationSimulation {
  /** Default 1. */
  readonly seed?: number;
  /** 3f + 1, from 4 to 31; default 7. They are called n1, n2... */
  readonly centres?: number;
  /** One polling party each, in this order. */
  readonly totals: readonly MachineTotal[];
  /** Between two parties, in ms; default 20. */
  readonly gapMs?: number;
  /** Centres that lie, and how. Default: nobody. */
  readonly lies?: Readonly<Record<NodeId, readonly Lie[]>>;
  /** Totals that thieves of machines' keys seal besides. Default: none. */
  readonly stolen?: readonly MachineTotal[];
  /** Centres that nobody reaches for a time. */
  readonly cut?: {
    readonly centres: readonly NodeId[];
    readonly fromMs: number;
    readonly untilMs: number;
  };
  /** Of messages, 0 to 1; default 0. */
  readonly lossRate?: number;
  readonly duplicateRate?: number;
  /** Default 5,000. */
  readonly untilMs?: number;
}

/** A total that stood at a centre. */
export interface Stood {
  readonly atMs: number;
  readonly centre: NodeId;
  readonly machine: string;
  readonly total: string;
}

/** Somebody whom a centre named. */
export interface Named {
  readonly atMs: number;
  readonly centre: NodeId;
  readonly liar: string;
  readonly kind: Evidence["kind"];
}

export interface AttestationRun {
  readonly book: KeyBook;
  /** 2f + 1. */
  readonly matching: number;
  readonly stood: readonly Stood[];
  readonly named: readonly Named[];
  /** What the polling parties hold at the end, by machine. */
  readonly certificates: ReadonlyMap<string, Certificate>;
  /** By liar: what the first honest centre that named it holds. */
  readonly evidence: ReadonlyMap<string, Evidence>;
  /** Sent by centres and parties, lost ones too. */
  readonly messages: number;
  readonly trace: Trace<AttestationMessage, AttestationTimer>;
}

export function simulateAttestation(options: AttestationSimulation): AttestationRun {
  const { centres = 7, seed = 1, untilMs = 5_000, cut } = options;
  wholeInRange("centres", centres, { min: 4, max: 31 });
  const notes: SimulatedNote[] = [];
  const { lossRate = 0, duplicateRate = 0 } = options;
  const network = { latency: { kind: "uniform", minMs: 5, maxMs: 25 }, lossRate } as const;
  const simulator = new Simulator<AttestationMessage, AttestationTimer>({
    ...{ seed, network: { ...network, duplicateRate }, onNote: (note) => void notes.push(note) },
  });
  const names = Array.from({ length: centres }, (_, i) => `n${i + 1}`);
  const { book, parties } = populate(simulator, names, options);
  if (cut !== undefined) {
    const others = [...names, ...parties].filter((id) => !cut.centres.includes(id));
    const parts = partition(cut.centres, others);
    simulator.schedule(at(cut.fromMs, parts), at(cut.untilMs, heal()));
  }
  simulator.run({ untilMs });
  const honest = names.filter((id) => options.lies?.[id] === undefined);
  return tellRun(simulator, { book, parties, honest, notes });
}

type AttestationSimulator = Simulator<AttestationMessage, AttestationTimer>;

function populate(
  simulator: AttestationSimulator,
  names: readonly NodeId[],
  { totals, stolen = [], lies = {}, gapMs = 20, seed = 1 }: AttestationSimulation,
): { readonly book: KeyBook; readonly parties: readonly NodeId[] } {
  const machines = totals.map(({ machine }) => machine);
  const { book, secretKeys } = demonstrationKeys({ centres: names, machines }, seed);
  const seal = (total: MachineTotal) =>
    sealTotal(total.machine, totalText(total), secretKeys[total.machine] ?? "");
  const centre = lying(CountingCentre);
  const shared = { book, lies, stolen: stolen.map(seal) };
  for (const id of names) {
    const own = { [id]: secretKeys[id] ?? "" };
    const peers = names.filter((other) => other !== id);
    simulator.add(id, centre, { peers, options: { ...shared, secretKeys: own } });
  }
  const parties = totals.map((total, i) => {
    const id = `c${i + 1}`;
    const reports = [seal(total)];
    const placement = { peers: names, options: { book, reports }, startAtMs: i * gapMs };
    simulator.add(id, PollingParty, placement);
    return id;
  });
  return { book, parties };
}

function tellRun(
  simulator: AttestationSimulator,
  run: {
    readonly book: KeyBook;
    readonly parties: readonly NodeId[];
    readonly honest: readonly NodeId[];
    readonly notes: readonly SimulatedNote[];
  },
): AttestationRun {
  const { book, parties, honest } = run;
  const notes = run.notes.filter(({ node }) => honest.includes(node));
  const of = <D>(label: string) =>
    notes.flatMap(({ atMs, node, detail, ...note }) => {
      return note.label === label ? [{ atMs, centre: node, ...(detail as D) }] : [];
    });
  const certificates = parties.flatMap((id) => {
    return [...((simulator.nodeOf(id) as PollingParty | undefined)?.standing ?? [])];
  });
  const named = of<{ liar: string; kind: Evidence["kind"] }>("named");
  const evidence = named.flatMap(({ centre, liar }) => {
    const found = (simulator.nodeOf(centre) as CountingCentre | undefined)?.named.get(liar);
    return found === undefined ? [] : [[liar, found] as const];
  });
  const sends = simulator.trace.flatMap(({ effects }) => effects.filter((e) => e.kind === "send"));
  return {
    ...{ book, matching: quorumOf(book).matching, named, messages: sends.length },
    stood: of<{ machine: string; total: string }>("stands"),
    certificates: new Map(certificates),
    evidence: new Map([...evidence].reverse()),
    trace: simulator.trace,
  };
}
