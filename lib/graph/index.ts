import "../kernel/in-stock-kernel";
export { CsrGraph } from "./structure/csr-graph";
export type { GraphArrays } from "./structure/csr-graph";
export { buildGraph, graphFromEdges, simpleGraph } from "./structure/build-graph";
export type { BuildOptions, EdgeArrays } from "./structure/build-graph";
export { parseEdgeList, readEdgeList } from "./structure/edge-list";
export type { EdgeListGraph, EdgeListOptions } from "./structure/edge-list";
export { rmat } from "./generate/rmat";
export type { RmatOptions } from "./generate/rmat";
export { barabasiAlbert, wattsStrogatz } from "./generate/social";
export type { BarabasiAlbertOptions, WattsStrogatzOptions } from "./generate/social";
export { erdosRenyi, plantedPartition } from "./generate/even";
export type { ErdosRenyiOptions, PlantedGraph, PlantedPartitionOptions } from "./generate/even";
export { completeGraph, cycleGraph, starGraph } from "./generate/classic";
export { pageRank } from "./rank/page-rank";
export type { PageRankOptions, PageRankResult } from "./rank/page-rank";
export { rankOrderAgreement, rankPercentiles } from "./rank/rank-against-degree";
export type { RankPercentile } from "./rank/rank-against-degree";
export type { ParallelOptions } from "./team/run-team";
export { pathTo } from "./search/path";
export { breadthFirst } from "./search/breadth-first";
export type { BreadthFirstOptions, BreadthFirstResult } from "./search/breadth-first";
export { connectedComponents } from "./components/components";
export type { ComponentsResult } from "./components/components";
export { countTriangles } from "./triangles/triangles";
export type { TrianglesResult } from "./triangles/triangles";
export { leiden, louvain } from "./community/louvain";
export type { CommunityOptions, CommunityResult } from "./community/louvain";
export { labelPropagation } from "./community/label-propagation";
export type {
  LabelPropagationOptions,
  LabelPropagationResult,
} from "./community/label-propagation";
export { tornCommunities } from "./community/torn-communities";
export { modularity } from "./community/modularity";
export { shortestPaths } from "./search/shortest-paths";
export type { ShortestPathsOptions, ShortestPathsResult } from "./search/shortest-paths";
export { suggestFriends } from "./friends/suggest-friends";
export type { Suggestion, SuggestionOptions } from "./friends/suggest-friends";
export { pregel } from "./pregel/pregel";
export type { PregelOptions, PregelResult } from "./pregel/pregel";
export { pregelOnThreads } from "./pregel/threads/pregel-on-threads";
export type {
  Kill,
  PregelEvent,
  PregelThreadsOptions,
  PregelThreadsResult,
} from "./pregel/threads/pregel-on-threads";
export type { Aggregator, VertexProgram, VertexStart, VertexView } from "./pregel/program";
export {
  componentsProgram,
  defineProgram,
  pageRankProgram,
  shortestPathsProgram,
} from "./pregel/programs";
export { PregelMaster } from "./pregel/master";
export type { PregelMasterOptions } from "./pregel/master";
export { PregelWorker } from "./pregel/worker";
export type { PregelWorkerOptions } from "./pregel/worker";
export { CheckpointStore } from "./pregel/checkpoint-store";
export type { PregelMessage } from "./pregel/messages";
export { simulatePregel } from "./pregel/simulation/simulate-pregel";
export type { PregelSimulation, SimulatedPregel } from "./pregel/simulation/simulate-pregel";
export { readParquetEdges } from "./structure/parquet-edges";
export type { ParquetEdgesOptions } from "./structure/parquet-edges";
