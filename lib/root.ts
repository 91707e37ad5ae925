/**
 * What `require("dabbawala")` runs: the namespaces of index.ts, each loaded when it is first used,
 * so that naming one topic does not wait for all. The types are those of index.ts.
 */
const loaders: Readonly<Record<string, () => unknown>> = {
  balancing: () => require("./balancing"),
  basics: () => require("./basics"),
  batch: () => require("./batch"),
  caching: () => require("./caching"),
  checks: () => require("./checks"),
  clocks: () => require("./clocks"),
  consensus: () => require("./consensus"),
  engines: () => require("./engines"),
  figures: () => require("./figures"),
  generators: () => require("./generators"),
  graph: () => require("./graph"),
  hosts: () => require("./hosts"),
  locks: () => require("./locks"),
  membership: () => require("./membership"),
  partitioning: () => require("./partitioning"),
  protocol: () => require("./protocol"),
  replication: () => require("./replication"),
  scenarios: () => require("./scenarios"),
  scheduling: () => require("./scheduling"),
};

// Node finds the names that an ES module may import by reading these assignments.
exports.balancing = exports.basics = exports.batch = exports.checks = exports.consensus = undefined;
exports.engines = exports.figures = exports.generators = exports.graph = undefined;
exports.hosts =
  exports.locks =
  exports.membership =
  exports.protocol =
  exports.scenarios =
  exports.scheduling =
    undefined;
exports.caching = exports.clocks = exports.partitioning = exports.replication = undefined;

for (const [name, load] of Object.entries(loaders)) {
  Object.defineProperty(exports, name, { enumerable: true, get: load });
}

export {};
