/** A Maelstrom host on streams: by default those of this process. */
import type { Readable, Writable } from "stream";
import { MaelstromHost } from "./host";
import type { BuildNode } from "./host";
import { LineReader } from "./line-reader";
import { MemorySaves, savesIn } from "./saves";

export interface MaelstromOptions {
  /** Folder of the saves, a file a node; default: in memory, and gone with the process. */
  readonly saves?: string;
  /** True: the node's notes go to `errors`, a line each. Default false. */
  readonly hasNotes?: boolean;
  readonly input?: Readable;
  readonly output?: Writable;
  readonly errors?: Writable;
}

/**
 * Runs a node until `input` ends or nobody reads `output` any more. `output` gets the protocol and
 * nothing else. Rejects with InputError when the saves cannot be read.
 */
export function serveMaelstrom(build: BuildNode, options: MaelstromOptions = {}): Promise<void> {
  const { input = process.stdin, output = process.stdout, errors = process.stderr } = options;
  const log = (sentence: string): void => void errors.write(`dabbawala maelstrom: ${sentence}\n`);
  const host = new MaelstromHost({
    build,
    openSaves: (id) =>
      options.saves === undefined ? new MemorySaves() : savesIn(options.saves, id),
    writeLine: (line) => writeGently(line, input, output),
    log,
    onNote: options.hasNotes
      ? (label, detail) => errors.write(`${label} ${JSON.stringify(detail) ?? ""}\n`)
      : undefined,
  });
  const reader = new LineReader(
    (line) => host.hearLine(line),
    () => host.passOver("the line is too long to be a message"),
  );
  return new Promise<void>((resolve, reject) => {
    const take = (bytes: Buffer): void => {
      try {
        reader.take(bytes);
      } catch (error) {
        reject(error);
      }
    };
    input.on("data", take);
    input.once("end", () => (reader.end(), resolve()));
    input.once("error", () => resolve());
    output.once("error", () => resolve());
  }).finally(() => {
    input.removeAllListeners("data").pause();
    host.stop();
  });
}

/** No new requests are read while earlier answers wait to be written. */
function writeGently(line: string, input: Readable, output: Writable): void {
  if (output.write(line + "\n") || input.isPaused()) return;
  input.pause();
  output.once("drain", () => input.resume());
}
