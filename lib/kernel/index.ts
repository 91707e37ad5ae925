export { installKernelSpec, kernelSpec } from "./spec";
export type { KernelSpec } from "./spec";
