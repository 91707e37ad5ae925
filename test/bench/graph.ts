/**
 * The kernels of graphs beside graphology's, and PageRank beside igraph's (C) where Python has it:
 * `npm run bench -- graph`. With IGRAPH_PYTHON=python3, or the one of another environment.
 */
import { breadthFirst, louvain, pageRank, plantedPartition, rmat } from "dabbawala/graph";
import type { CsrGraph } from "dabbawala/graph";
import { lineChart } from "dabbawala/figures";
import type { Chart } from "dabbawala/figures";
import { asGraphology } from "../graph/oracle";
import type { BenchmarkRow } from "./benchmark";
import { interleaved, rate, timeOf, timing } from "./benchmark";
import { igraphPageRank } from "./graph/igraph";
import { graphologyBfs, graphologyLouvain, graphologyPageRank } from "./graph/peers";

const workers = 2;
const barOfIgraph = 0.7;
const warmUps = 10;

export async function run(): Promise<BenchmarkRow[]> {
  return [await smallRank(), ...(await largeRank()), ...(await plantedRows())];
}

/** Both stop at the same change of all ranks together. */
async function smallRank(): Promise<BenchmarkRow> {
  const graph = rmat({ scale: 16, edgeFactor: 8, isSimple: true });
  const twin = asGraphology(graph);
  const tolerance = 1e-6;
  const { iterations } = await pageRank(graph, { tolerance });
  // One run of the peer is long enough to be compiled well; ours is that after some runs.
  for (let i = 0; i < warmUps; i++) await pageRank(graph, { tolerance });
  const times = await interleaved({
    ours: () => pageRank(graph, { tolerance }),
    peer: () => graphologyPageRank(twin, { tolerance: tolerance / graph.vertices }),
  });
  return {
    work: `PageRank to 1e-6, R-MAT scale 16, ${inMillions(graph.arcs)} edges`,
    ours: rate(graph.arcs * iterations, "edges", times.ours.medianMs),
    peer: `graphology ${rate(graph.arcs * iterations, "edges", times.peer.medianMs)}`,
    ratio: times.ratio,
    bar: 30,
  };
}

async function largeRank(): Promise<BenchmarkRow[]> {
  const graph = rmat({ scale: 20 });
  graph.transpose();
  const { iterations } = await pageRank(graph, { workers });
  const one = await interleaved({
    ours: () => pageRank(graph, { workers }),
    peer: () => pageRank(graph, { workers: 1 }),
    rounds: 3,
  });
  const work = `PageRank to 1e-6, R-MAT scale 20, ${inMillions(graph.arcs)} edges`;
  const ours = `${speed(one.ours.medianMs)}, ${seconds(one.ours.medianMs)}`;
  const rows: BenchmarkRow[] = [
    {
      ...{ work: `${work}, 2 workers`, ours, peer: `1 worker ${speed(one.peer.medianMs)}` },
      ...{ ratio: one.ratio, bar: null },
    },
  ];
  const theirs = igraphPageRank(graph);
  if (theirs === undefined) {
    const peer = "igraph is not at hand: pip install igraph, IGRAPH_PYTHON";
    return [...rows, { work, ours, peer, ratio: 1, bar: null }];
  }
  const { medianMs } = timing(theirs);
  const ratio = medianMs / one.ours.medianMs;
  return [...rows, { work, ours, peer: `igraph ${seconds(medianMs)}`, ratio, bar: barOfIgraph }];

  function speed(elapsedMs: number): string {
    return rate(graph.arcs * iterations, "edges", elapsedMs);
  }
}

async function plantedRows(): Promise<BenchmarkRow[]> {
  const options = { groups: 500, groupSize: 100, inside: 0.13, outside: 0.000_065 };
  const { graph } = plantedPartition(options);
  const twin = asGraphology(graph);
  const size = `50,000 vertices in 500 groups, ${inMillions(graph.edges)} edges`;
  const search = await interleaved({
    ours: () => breadthFirst(graph, 0),
    peer: () => graphologyBfs(twin, 0),
  });
  const [ours, theirs] = [louvain(graph).modularity, graphologyLouvain(twin)];
  const folding = await interleaved({
    ours: () => louvain(graph),
    peer: () => graphologyLouvain(twin),
  });
  return [
    {
      work: `breadth-first search, ${size}`,
      ours: milliseconds(search.ours.medianMs),
      peer: `graphology ${milliseconds(search.peer.medianMs)}`,
      ratio: search.ratio,
      bar: 10,
    },
    {
      work: `Louvain, ${size}`,
      ours: milliseconds(folding.ours.medianMs),
      peer: `graphology ${milliseconds(folding.peer.medianMs)}`,
      ratio: folding.ratio,
      bar: 2,
    },
    {
      work: `Louvain's modularity, ${size}`,
      ours: ours.toFixed(4),
      peer: `graphology ${theirs.toFixed(4)}`,
      ratio: ours / theirs,
      bar: 0.99,
    },
  ];
}

const inMillions = (count: number): string => `${(count / 1e6).toFixed(1)} M`;
const seconds = (elapsedMs: number): string => `${(elapsedMs / 1000).toFixed(2)} s`;
const milliseconds = (elapsedMs: number): string => `${elapsedMs.toFixed(1)} ms`;

/** Time against arcs over four sizes, a thread each, so that only the work is seen. */
export async function charts(): Promise<Record<string, Chart>> {
  const data: { edges: number; kernel: string; seconds: number }[] = [];
  for (const scale of [15, 16, 17, 18]) {
    const graph = rmat({ scale, isDirected: false });
    for (const [kernel, work] of Object.entries(kernels)) {
      await work(graph);
      const times = [await timeOf(() => work(graph)), await timeOf(() => work(graph))];
      data.push({ edges: graph.edges / 1e6, kernel, seconds: Math.min(...times) / 1000 });
    }
  }
  return {
    time: lineChart({
      data,
      x: { field: "edges", title: "edges (millions)", type: "quantitative" },
      y: { field: "seconds", title: "time (s)" },
      series: { field: "kernel", title: "kernel" },
      title: "Graphs: time against edges, R-MAT scales 15 to 18, one thread",
      caption: "Cost linear in edges is a straight line.",
    }),
  };
}

const kernels: Readonly<Record<string, (graph: CsrGraph) => unknown>> = {
  "PageRank, 10 iterations": (graph) => {
    return pageRank(graph, { workers: 1, tolerance: 0, maxIterations: 10 });
  },
  "breadth-first search": (graph) => breadthFirst(graph, graph.targets[0], { workers: 1 }),
  Louvain: (graph) => louvain(graph),
};
