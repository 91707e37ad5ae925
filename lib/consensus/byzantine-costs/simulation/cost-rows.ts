/** PBFT beside HotStuff in rows: what was measured, and what the formulas say. */
import { hotStuffMessages, hotStuffViewChangeMessages, pbftMessages } from "../formulas";
import { pbftViewChangeMessages, totalOf } from "../formulas";
import { measureAgreement } from "./measure";

type Row<Names extends string> = Readonly<Record<Names, number>>;
/** Counts, by protocol, as measured and by formula. */
export type MessageRow = Row<
  "replicas" | "PBFT" | "PBFT, formula" | "HotStuff" | "HotStuff, formula"
>;

/** Messages of one command, its request and its replies included. */
export function messageRow(replicas: number): MessageRow {
  return {
    replicas,
    PBFT: measureAgreement({ protocol: "pbft", replicas }).total,
    "PBFT, formula": totalOf(pbftMessages(replicas)),
    HotStuff: measureAgreement({ protocol: "hotStuff", replicas }).total,
    "HotStuff, formula": totalOf(hotStuffMessages(replicas)),
  };
}

/** Messages that replace a dead leader, or the first so many. */
export function leaderChangeRow(replicas: number, { deadLeaders = 1 } = {}): MessageRow {
  const dead = { replicas, deadLeaders };
  const { viewChange = 0, newView = 0 } = measureAgreement({ protocol: "pbft", ...dead }).messages;
  const { messages } = measureAgreement({ protocol: "hotStuff", ...dead });
  return {
    replicas,
    PBFT: viewChange + newView,
    "PBFT, formula": totalOf(pbftViewChangeMessages(replicas, deadLeaders)),
    HotStuff: messages["newView"] ?? 0,
    "HotStuff, formula": hotStuffViewChangeMessages(replicas, deadLeaders)["newView"] ?? 0,
  };
}

export type SignatureRow = Row<"replicas" | "PBFT" | "HotStuff">;

/** Signatures in all messages when the leader is dead, those of the command that waited too. */
export function leaderChangeSignatures(replicas: number): SignatureRow {
  const dead = { replicas, deadLeaders: 1 };
  return {
    replicas,
    PBFT: measureAgreement({ protocol: "pbft", ...dead }).proofs,
    HotStuff: measureAgreement({ protocol: "hotStuff", ...dead }).proofs,
  };
}

export type DelayRow = Readonly<Record<"protocol", string>> &
  Row<"replicas" | "constant (ms)" | "one-way trips" | "varied, median of 5 (ms)">;

/** The time of one command: with a constant latency, and with one that varies about it. */
export function delayRows(replicas: number, latencyMs: number): DelayRow[] {
  const constant = { kind: "constant", ms: latencyMs } as const;
  const latency = { kind: "logNormal", medianMs: latencyMs, sigma: 0.3 } as const;
  return (["pbft", "hotStuff"] as const).map((protocol) => {
    const { tookMs } = measureAgreement({ protocol, replicas, latency: constant });
    const varied = [1, 2, 3, 4, 5].map((seed) => {
      return measureAgreement({ protocol, replicas, latency, seed }).tookMs;
    });
    varied.sort((left, right) => left - right);
    return {
      ...{ replicas, protocol, "constant (ms)": tookMs, "one-way trips": tookMs / latencyMs },
      "varied, median of 5 (ms)": varied[2] as number,
    };
  });
}
