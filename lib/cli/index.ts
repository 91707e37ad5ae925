/** The `dabbawala` command: one file a sub-command, loaded only when it is asked for. */
import { Command } from "commander";
import { InputError } from "../basics";

/** Each sub-command's file exports `register(program)`; the summary is what `--help` prints. */
type Registrar = (program: Command) => void;

const commands: Record<string, () => Registrar> = {
  aadhaar: () => require("./aadhaar").register,
  check: () => require("./check").register,
  "check-notebooks": () => require("./check-notebooks").register,
  "count-votes": () => require("./count-votes").register,
  data: () => require("./data").register,
  doctor: () => require("./doctor").register,
  election: () => require("./election").register,
  generate: () => require("./generate").register,
  maelstrom: () => require("./maelstrom").register,
  mapreduce: () => require("./mapreduce").register,
  proxy: () => require("./proxy").register,
  run: () => require("./run").register,
  sort: () => require("./sort").register,
  storm: () => require("./storm").register,
};

/** Runs the command line `argv` (as process.argv); sets process.exitCode, 2 for bad input. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command("dabbawala")
    .description("Distributed computing in TypeScript: data, engines, checks and notebooks")
    .showHelpAfterError("(add --help for the options)");
  const wanted = argv[2] ?? "";
  for (const [name, load] of Object.entries(commands)) {
    if (wanted === name || !(wanted in commands)) load()(program);
  }
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    report(error);
  }
}

function report(error: unknown): void {
  const isInput = error instanceof InputError || error instanceof RangeError;
  console.error(isInput ? `dabbawala: ${error.message}` : error);
  process.exitCode = isInput ? 2 : 1;
}
