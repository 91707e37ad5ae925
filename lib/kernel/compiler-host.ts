/**
 * Keeps tslab's compiler alive: while packages change, and in cells with `await (await f()).g()`.
 *
 * TypeScript schedules two kinds of work: a program update, and before it the forgetting of failed
 * look-ups. tslab has room for one and threw "Unexpected pending rebuildTimer" for ever after the
 * second (a new file, a changed package.json). Here the forgetting gets a timer of its own;
 * TypeScript does it itself before the next update.
 */
import { createRequire } from "module";
import { recordWatches } from "./compiler-watches";
import { kernelTimers } from "./kernel-timers";
import type { CompilerHost, CompilerSystem, TypeScriptParts } from "./tslab";

const forgetting = "invalidateResolutionsOfFailedLookup";

/** To be called before tslab's compiler is loaded, which takes its TypeScript from the cache. */
export function keepCompilerAlive(): void {
  const load = createRequire(require.resolve("tslab/package.json"));
  const file = load.resolve("@tslab/typescript-for-tslab");
  const typescript = load(file) as TypeScriptParts;
  const create = typescript.createWatchCompilerHost;
  const createWithRoom: typeof create = (files, options, system, ...rest) => {
    giveRoom(system);
    const host = create(files, options, system, ...rest);
    recordWatches(host);
    return withOneParse(host);
  };
  // A copy, because the module's own properties cannot be changed.
  const cached = load.cache[file] as NodeModule;
  cached.exports = { ...typescript, createWatchCompilerHost: createWithRoom };
}

function giveRoom(system: CompilerSystem): void {
  const { setTimeout: setUpdate, clearTimeout: clearUpdate } = system;
  const ours = new Set<unknown>();
  system.setTimeout = (callback, ms) => {
    if (callback.name !== forgetting) return setUpdate(callback, ms);
    const timer = kernelTimers.setTimeout(() => {
      ours.delete(timer);
      callback();
    }, ms);
    ours.add(timer);
    return timer;
  };
  system.clearTimeout = (timer) => {
    if (!ours.delete(timer)) return clearUpdate(timer);
    clearTimeout(timer as NodeJS.Timeout);
  };
}

/**
 * A file whose top-level `await (` was first read as a call is parsed twice, and the second tree
 * keeps the first as its "original", which never got a path. Naming the type of a variable of that
 * cell by its package starts from the original's path and failed with "Paths must either both be
 * absolute or both be relative". So the first tree is forgotten.
 */
function withOneParse(host: CompilerHost): CompilerHost {
  let tell: CompilerHost["afterProgramCreate"];
  return Object.defineProperty(host, "afterProgramCreate", {
    get: (): CompilerHost["afterProgramCreate"] => (builder) => {
      for (const file of builder.getProgram().getSourceFiles()) delete file.original;
      tell?.(builder);
    },
    set: (listener) => (tell = listener),
  });
}
