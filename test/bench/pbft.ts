/**
 * PBFT with four replicas: requests a second on threads and processes by the size of batches, with
 * codes and, as their peer, with signatures; what share of the replicas' time proofs take; and the
 * pace of the simulator. 64 clients in closed loops, 256-byte puts, saves synced; the clients, who
 * sign each request, share the machine's cores with the replicas.
 */
import { Pbft, PbftLoadClient } from "dabbawala/consensus";
import type { PbftMessage, PbftTimer } from "dabbawala/consensus";
import { Simulator } from "dabbawala/hosts";
import { interleaved, rate } from "./benchmark";
import type { BenchmarkRow } from "./benchmark";
import { clients, hosts, measured } from "./pbft/clusters";
import type { Figures, HostName, Kind, Setting } from "./pbft/clusters";

const rounds = 3;
const batches = [1, 8, 64];
const replicas = ["n1", "n2", "n3", "n4"];

export async function run(): Promise<BenchmarkRow[]> {
  const rows: BenchmarkRow[] = [];
  for (const host of Object.keys(hosts) as HostName[]) {
    for (const maxBatchRequests of batches) rows.push(...(await onHost(host, maxBatchRequests)));
  }
  return [...rows, await inSimulator()];
}

/** Both kinds in turns, each time in a cluster of its own. */
async function onHost(host: HostName, maxBatchRequests: number): Promise<BenchmarkRow[]> {
  const of = (authentication: Kind): Setting => ({ host, authentication, maxBatchRequests });
  const [codes, signed]: [Figures[], Figures[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) codes.push(await measured(of("macs")));
    signed.push(await measured(of("signatures")));
    if (round % 2 === 1) codes.push(await measured(of("macs")));
  }
  const [ours, peer] = [median(codes), median(signed)];
  const work = `PBFT, 4 ${host}, ${clients} clients, batches of up to ${maxBatchRequests}`;
  return [
    {
      work: `${work}: codes`,
      ours: requests(ours),
      peer: `signatures ${requests(peer)}`,
      ratio: ours.throughput / peer.throughput,
      bar: null,
    },
    {
      work: `${work}: share of the replicas' time in proofs`,
      ours: share(ours),
      peer: `signatures ${share(peer)}`,
      ratio: peer.proofShare / ours.proofShare,
      bar: null,
    },
  ];
}

function median(figures: readonly Figures[]): Figures {
  const of = (name: keyof Figures): number => {
    const sorted = figures.map((one) => one[name]).sort((left, right) => left - right);
    return sorted[sorted.length >> 1];
  };
  const [throughput, p50Ms] = [of("throughput"), of("p50Ms")];
  return { throughput, p50Ms, proofShare: of("proofShare"), proofs: of("proofs") };
}

function requests({ throughput, p50Ms }: Figures): string {
  return `${rate(throughput, "requests", 1_000)}, p50 ${p50Ms.toFixed(1)} ms`;
}

function share({ proofShare, proofs }: Figures): string {
  return `${(100 * proofShare).toFixed(0)} %, ${proofs.toFixed(1)} proofs a request`;
}

async function inSimulator(): Promise<BenchmarkRow> {
  const events = { macs: 0, signatures: 0 };
  const { ours, peer, ratio } = await interleaved({
    ours: () => (events.macs = simulated("macs")),
    peer: () => (events.signatures = simulated("signatures")),
    rounds,
  });
  return {
    work: `simulator: PBFT, 4 replicas, 16 clients, ${Math.round(events.macs / 1_000)}k events: codes`,
    ours: rate(events.macs, "events", ours.medianMs),
    peer: `signatures ${rate(events.signatures, "events", peer.medianMs)}`,
    ratio,
    bar: null,
  };
}

let seed = 0;

/** Another seed each time: what was signed before is known without computing it again. */
function simulated(authentication: Kind): number {
  const options = { authentication, keySeed: `simulated ${++seed}` };
  const simulator = new Simulator<PbftMessage, PbftTimer>({ seed: 1 });
  for (const id of replicas) simulator.add(id, Pbft, { options });
  for (let client = 1; client <= 16; client++) {
    const own = { peers: replicas, options: { ...options, count: 100 } };
    simulator.add(`c${client}`, PbftLoadClient, own);
  }
  return simulator.run({ untilMs: 5_000 }).events;
}
