/**
 * Prints the SHA-256 of the traces of stormy Raft runs, a line a seed, from a process of its own in
 * which clocks and chance of the machine are poisoned: node trace-hash.cjs FIRST LAST.
 */
const { createHash } = require("node:crypto");
const { Raft, RaftClient } = require("dabbawala/consensus");
const { Simulator, randomFaults } = require("dabbawala/hosts");
const { traceText } = require("dabbawala/protocol");

const poison = (name) => () => {
  throw new Error(`${name} was used: the run would not be reproducible`);
};
Math.random = poison("Math.random");
Date.now = poison("Date.now");
performance.now = poison("performance.now");
globalThis.setTimeout = poison("setTimeout");

const servers = ["n1", "n2", "n3"];
const episodes = { everyMs: 300, minMs: 20, maxMs: 500 };

function hashOf(seed) {
  const network = { lossRate: 0.05, duplicateRate: 0.1, reorderRate: 0.1 };
  const simulator = new Simulator({ seed, network });
  for (const id of servers) simulator.add(id, Raft, { options: { snapshotEvery: 10 } });
  const operations = Array.from({ length: 40 }, (_, i) => ({
    command: { op: "append", key: `k${i % 3}`, value: `${i},` },
  }));
  simulator.add("c1", RaftClient, { peers: servers, options: { operations, retryMs: 100 } });
  const faults = { crash: episodes, pause: episodes, partition: episodes };
  simulator.schedule(...randomFaults({ seed, names: servers, untilMs: 1_000, ...faults }));
  simulator.run({ untilMs: 1_300 });
  return createHash("sha256").update(traceText(simulator.trace)).digest("hex");
}

const [first, last] = process.argv.slice(2).map(Number);
for (let seed = first; seed <= last; seed++) process.stdout.write(`${seed} ${hashOf(seed)}\n`);
