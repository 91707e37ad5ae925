// The layers of the library as a table: each folder, and the folders it may import.
// A new line in it is a decision, to be explained in the commit.
const ground = ["basics", "protocol"];
const allowed = {
  basics: [],
  protocol: ["basics"],
  hosts: ground,
  checks: ground,
  figures: ground,
  generators: ground,
  clocks: ground,
  membership: ground,
  storage: ground,
  partitioning: ground,
  balancing: [...ground, "partitioning"],
  scheduling: [...ground, "consensus"], // the task board is a state machine of Raft
  resilience: ground,
  consensus: [...ground, "storage"],
  replication: [...ground, "clocks", "partitioning", "storage"],
  transactions: [...ground, "consensus", "storage", "clocks"],
  coordination: [...ground, "consensus", "clocks"],
  // The lock table is a state machine of Raft; a hash says which group of servers has a lock.
  locks: [...ground, "consensus", "partitioning"],
  batch: [...ground, "partitioning", "storage"],
  streaming: [...ground, "storage", "clocks"],
  graph: [...ground, "partitioning"],
  caching: [...ground, "partitioning"],
  engines: [...ground, "batch"], // the data set's schemas declare the tables of engines too
  kernel: [],
};

// The Indian systems are compositions of topics; only the command line knows them.
const topics = Object.keys(allowed).filter(
  (name) => !["engines", "kernel", "figures"].includes(name),
);
allowed.scenarios = topics;

// In a stock Jupyter kernel the repairs come with whatever of the library is imported first.
const inStockKernel = "^lib/kernel/in-stock-kernel.ts$";

// A topic's simulation/ is where its protocols meet the simulator, ready for notebooks to run; the
// protocols themselves stay without a host.
const isSimulation = "/simulation/";

// A topic's storm/ is where its protocols meet random faults and the checks of what clients saw.
const isStorm = "/storm/";

const forbidden = Object.entries(allowed).map(([folder, targets]) => ({
  name: `layer-${folder}`,
  comment: `lib/${folder} may import only: ${["itself", ...targets].join(", ")}`,
  severity: "error",
  from: { path: `^lib/${folder}/`, pathNot: [isSimulation, `^lib/(?!hosts).*${isStorm}`] },
  to: {
    path: "^lib/",
    pathNot: [inStockKernel, ...[folder, ...targets].map((name) => `^lib/${name}/`)],
  },
}));

const simulations = Object.entries(allowed).map(([folder, targets]) => ({
  name: `layer-${folder}-simulation`,
  comment: `lib/${folder}/**/simulation may import: ${["hosts", "itself", ...targets].join(", ")}`,
  severity: "error",
  from: { path: `^lib/${folder}/.*${isSimulation}` },
  to: { path: "^lib/", pathNot: ["hosts", folder, ...targets].map((name) => `^lib/${name}/`) },
}));

const storms = Object.entries(allowed)
  .filter(([folder]) => folder !== "hosts")
  .map(([folder, targets]) => ({
    name: `layer-${folder}-storm`,
    comment: `lib/${folder}/**/storm may import: hosts, checks, itself, ${targets.join(", ")}`,
    severity: "error",
    from: { path: `^lib/${folder}/.*${isStorm}` },
    to: {
      path: "^lib/",
      pathNot: ["hosts", "checks", folder, ...targets].map((name) => `^lib/${name}/`),
    },
  }));

module.exports = {
  forbidden: [
    ...forbidden,
    ...simulations,
    ...storms,
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
  },
};
