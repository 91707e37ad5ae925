/** Started by Jupyter with the connection file: this checkout's tslab, repaired. */
import { keepCompilerAlive } from "./compiler-host";
import { serveControlFromThread } from "./control-channel";
import { repair, takeOverEvents } from "./repair";
import { installedTslab } from "./tslab";

keepCompilerAlive();
const tslab = installedTslab();
const { startKernel } = require("tslab/dist/main.js") as {
  startKernel(options: { configPath: string; enableFindLocal: boolean }): void;
};
const session = repair(tslab);
if (session !== undefined) serveControlFromThread(tslab, session);
const configPath = process.argv[process.argv.indexOf("--config-path") + 1] ?? "";
startKernel({ configPath, enableFindLocal: false });
if (session !== undefined) takeOverEvents(session);
