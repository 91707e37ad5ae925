/** Where the bytes of a split come from: a file at a place, or a gzip stream from its beginning. */
import { closeSync, createReadStream, openSync, readSync } from "fs";
import { InputError } from "../../../basics";
import { isCompressed } from "../splits";

export interface Source {
  /** Fills `into` as far as it can; 0: there is no more. */
  read(into: Uint8Array): number | Promise<number>;
  close(): void;
}

export function openSource(file: string, position: number): Source {
  return isCompressed(file) ? openGzip(file) : openPlain(file, position);
}

function openPlain(file: string, position: number): Source {
  const descriptor = openSync(file, "r");
  let next = position;
  return {
    read(into) {
      const count = readSync(descriptor, into, 0, into.length, next);
      next += count;
      return count;
    },
    close: () => closeSync(descriptor),
  };
}

function openGzip(file: string): Source {
  const packed = createReadStream(file);
  const { createGunzip } = require("zlib") as typeof import("zlib"); // only where it is needed
  const unpacked = createGunzip();
  packed.on("error", (error) => unpacked.destroy(error));
  const chunks = packed.pipe(unpacked)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  return {
    async read(into) {
      if (rest.length === 0) {
        const next = await chunks.next().catch((error: Error) => {
          throw new InputError(`${file} cannot be unpacked: ${error.message}`);
        });
        if (next.done) return 0;
        rest = next.value;
      }
      const count = Math.min(into.length, rest.length);
      into.set(rest.subarray(0, count));
      rest = rest.subarray(count);
      return count;
    },
    close() {
      packed.destroy();
      unpacked.destroy();
    },
  };
}
