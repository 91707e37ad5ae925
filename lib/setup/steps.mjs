// The set-up that `npm start` and `npm test` share. Every step is skipped, or costs little, when
// its inputs are those of the last time.
import { createRequire } from "node:module";
import { join } from "node:path";
import { root, venv } from "./checkout.mjs";
import { installJupyter, quietJupyterLab } from "./jupyter.mjs";
import { buildLibrary, installPackages } from "./packages.mjs";
import { endTurn, takeTurn } from "./turn.mjs";

/** Everything that a notebook needs before it can run. */
export async function setUp() {
  takeTurn();
  await installPackages();
  await installJupyter();
  await buildLibrary();
  registerKernel();
  quietJupyterLab();
  endTurn();
}

/** Registers the kernel for this checkout only: in .venv, never in the user's home. */
function registerKernel() {
  const kernel = createRequire(import.meta.url)(join(root, "lib", "dist", "kernel", "index.js"));
  kernel.installKernelSpec(venv);
}
