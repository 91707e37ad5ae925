/** `dabbawala maelstrom NODE`: one node on stdin and stdout, for Maelstrom's workloads. */
import type { Command } from "commander";
import { InputError } from "../basics";
import type { BuildNode } from "../hosts";

interface Flags {
  options: string;
  saves?: string;
  notes?: boolean;
}

type Workload = (options: Readonly<Record<string, unknown>>) => Promise<BuildNode>;

const workloads: Readonly<Record<string, Workload>> = {
  echo: async (options) => {
    const { Echo } = await import("../hosts");
    return (id, peers) => new Echo(id, peers, options);
  },
  "unique-ids": async (options) => {
    const { UniqueIds } = await import("../hosts");
    return (id, peers) => new UniqueIds(id, peers, options);
  },
  broadcast: async (options) => {
    const { Broadcast } = await import("../hosts");
    return (id, peers) => new Broadcast(id, peers, options);
  },
  "g-counter": async (options) => {
    const { GrowCounter } = await import("../hosts");
    return (id, peers) => new GrowCounter(id, peers, options);
  },
  "lin-kv": async (options) => {
    const { LinKv } = await import("../consensus");
    // Maelstrom's links are slow: 100 ms and more are usual, so the timeouts of a LAN do not fit.
    const patient = { electionTimeoutMinMs: 1_000, electionTimeoutMaxMs: 2_000, heartbeatMs: 200 };
    return (id, peers) => new LinKv(id, peers, { ...patient, ...options });
  },
};

const names = Object.keys(workloads).join(", ");

export function register(program: Command): void {
  program
    .command("maelstrom <node>")
    .description(`a node for Maelstrom on stdin and stdout: ${names}`)
    .option("--options <json>", "the node's options, such as '{\"gossipMs\":100}'", "{}")
    .option("--saves <folder>", "where nodes save, a file a node; by default in memory")
    .option("--notes", "tell the node's story on stderr")
    .action(run);
}

async function run(name: string, flags: Flags): Promise<void> {
  if (!Object.hasOwn(workloads, name)) {
    throw new InputError(`there is no node "${name}": choose one of ${names}`);
  }
  const build = await workloads[name](parseOptions(flags.options));
  build("n1", []); // wrong options are told at once, not when the first message comes
  const { serveMaelstrom } = await import("../hosts");
  await serveMaelstrom(build, { saves: flags.saves, hasNotes: flags.notes });
}

function parseOptions(text: string): Readonly<Record<string, unknown>> {
  let options: unknown;
  try {
    options = JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `--options takes a JSON object, not ${text} (${(error as Error).message})`,
    );
  }
  if (typeof options === "object" && options !== null && !Array.isArray(options)) {
    return options as Record<string, unknown>;
  }
  throw new InputError(`--options takes a JSON object, not ${text}`);
}
