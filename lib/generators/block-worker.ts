/** A worker thread that makes blocks of a data set on request and hands their bytes over. */
import { parentPort } from "worker_threads";
import type { Spec, TextFormat } from "./data-set";
import { dataSet } from "./data-sets";

export interface BlockRequest {
  readonly name: string;
  readonly spec: Spec;
  readonly block: number;
  readonly format: TextFormat;
}

parentPort?.on("message", ({ name, spec, block, format }: BlockRequest) => {
  const { rows, bytes, truth } = dataSet(name).encode(spec, block, format);
  const isWhole = bytes.byteLength === bytes.buffer.byteLength;
  const own = isWhole ? bytes : bytes.slice();
  parentPort?.postMessage({ block, rows, bytes: own, truth }, [own.buffer as ArrayBuffer]);
});
