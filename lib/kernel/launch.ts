/** Started by Jupyter with the connection file: this checkout's tslab, repaired. */
import { repair } from "./repair";
import { installedTslab } from "./tslab";

const { startKernel } = require("tslab/dist/main.js") as {
  startKernel(options: { configPath: string; enableFindLocal: boolean }): void;
};

startKernel({ configPath: process.argv[2] ?? "", enableFindLocal: false });
repair(installedTslab());
