import { createRequire } from "module";

/** The compiler that the kernel uses, so that a check and a cell never disagree on the language. */
export type TypeScript = typeof import("typescript");

/** Loads it: takes a quarter of a second. */
export function loadTypeScript(): TypeScript {
  const load = createRequire(require.resolve("tslab/package.json"));
  return load("@tslab/typescript-for-tslab") as TypeScript;
}
