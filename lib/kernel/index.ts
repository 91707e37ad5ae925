import "./in-stock-kernel";
export { clearOutput } from "./clear-output";
export { mimeBundle, mimeBundleSymbol } from "./mime-bundle";
export { repairIfStockKernel } from "./repair";
export { installKernelSpec, kernelSpec } from "./spec";
export type { KernelSpec } from "./spec";
