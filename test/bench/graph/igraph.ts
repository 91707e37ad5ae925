/** PageRank by igraph, whose core is C, in a Python that has it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CsrGraph } from "dabbawala/graph";

const program = `
import sys, time, array, json
import igraph
edges = array.array("I")
with open(sys.argv[1], "rb") as file:
    edges.frombytes(file.read())
graph = igraph.Graph(n=int(sys.argv[2]), edges=zip(edges[0::2], edges[1::2]), directed=True)
times = []
for _ in range(3):
    start = time.perf_counter()
    graph.pagerank()
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps(times))
`;

/** Milliseconds of three runs, the graph built before; undefined: there is no igraph here. */
export function igraphPageRank(graph: CsrGraph): number[] | undefined {
  const python = process.env["IGRAPH_PYTHON"] ?? "python3";
  if (spawnSync(python, ["-c", "import igraph"]).status !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "dabbawala-igraph-"));
  try {
    const file = join(folder, "edges.bin");
    writeFileSync(file, edgePairs(graph));
    const { stdout } = spawnSync(python, ["-c", program, file, String(graph.vertices)], {
      encoding: "utf8",
    });
    return JSON.parse(stdout) as number[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function edgePairs({ vertices, offsets, targets }: CsrGraph): Uint32Array {
  const pairs = new Uint32Array(targets.length * 2);
  for (let vertex = 0; vertex < vertices; vertex++) {
    for (let i = offsets[vertex]; i < offsets[vertex + 1]; i++) {
      pairs[2 * i] = vertex;
      pairs[2 * i + 1] = targets[i];
    }
  }
  return pairs;
}
