import { mkdirSync, renameSync, writeFileSync } from "fs";
import { join } from "path";

/** What Jupyter reads to start a kernel: https://jupyter-client.readthedocs.io "Kernel specs". */
export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: "signal" | "message";
}

const launcher = join(__dirname, "launch.js");
/** Lets an interrupt unwind a timer's callback without ending the process. */
const asyncChecksOff = "--no-force-async-hooks-checks";

/** The spec that starts this checkout's tslab through the launcher beside this file. */
export function kernelSpec(): KernelSpec {
  return {
    argv: [process.execPath, asyncChecksOff, launcher, "--config-path", "{connection_file}"],
    display_name: "TypeScript (tslab)",
    language: "typescript",
    interrupt_mode: "message",
  };
}

/** Registers the kernel as "tslab" in the Python environment `venvDir` only; returns its folder. */
export function installKernelSpec(venvDir: string): string {
  const folder = join(venvDir, "share", "jupyter", "kernels", "tslab");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "kernel.json");
  writeFileSync(`${file}.partial`, JSON.stringify(kernelSpec(), null, 2) + "\n");
  renameSync(`${file}.partial`, file);
  return folder;
}
