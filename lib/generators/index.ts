export type { DataSet, EncodedBlock, Spec, TextFormat } from "./data-set";
export { dataSets } from "./data-sets";
export { ensureDataSet, ensureIrctcLog, generatedFolder } from "./default-data";
export type { EnsureOptions } from "./default-data";
export * from "./irctc";
export { encodedBlocks } from "./parallel";
export { formats, writeDataSet } from "./write";
export type { Format, WriteOptions } from "./write";
