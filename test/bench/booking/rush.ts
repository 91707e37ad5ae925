/**
 * The rush on real processes past saturation: a crowd that does not wait for others, comes for
 * four seconds, asks again after one, and leaves after three tries. With admission control the
 * leader says "busy" when 2,000 entries wait to be committed; without, all of them wait.
 */
import { processes } from "dabbawala/hosts";
import { rushRequests } from "dabbawala/scenarios/irctc";
import { pause, raftOptions } from "../contest/closed-loops";

const seconds = 4;
const startMs = 1_500;

export interface RushMeasured {
  readonly came: number;
  /** Answers in time, for each second in which people came. */
  readonly goodput: number;
  readonly p99Ms: number;
}

export async function measureRush(perSecond: number, isGated: boolean): Promise<RushMeasured> {
  const of = (exportName: string) => ({ module: "dabbawala/scenarios/irctc", exportName });
  const { plans, requests } = rushRequests(200);
  const crowd = { requests, perSecond: new Array<number>(seconds).fill(perSecond), startMs };
  const maxUncommitted = isGated ? 2_000 : 1_000_000;
  const cluster = await processes({
    protocol: of("BookingServer"),
    nodes: 3,
    options: { ...raftOptions, gateway: null, snapshotEvery: 10 ** 7, maxUncommitted },
    clients: { protocol: of("Crowd"), count: 1, options: { ...crowd, patienceMs: 1_000 } },
  });
  try {
    cluster.tell("n1", { type: "timeoutNow", term: 0 } as never);
    await pause(700);
    for (const [departure, plan] of Object.entries(plans)) {
      const command = { op: "open", departure, plan };
      for (const node of ["n1", "n2", "n3"]) {
        cluster.tell(node, { type: "command", requestId: 0, command } as never, "c1");
      }
    }
    await pause(startMs + 1_000 * seconds + 3_500);
    const seen = await cluster.fields("c1", ["came", "times"]);
    const { came, times } = seen as { readonly came: number; readonly times: number[] };
    const sorted = [...times].sort((left, right) => left - right);
    const p99Ms = sorted[Math.floor(0.99 * (sorted.length - 1))] ?? NaN;
    return { came, goodput: times.filter((ms) => ms <= 1_000).length / seconds, p99Ms };
  } finally {
    await cluster.stop();
  }
}
