import "../kernel/in-stock-kernel";
export { assert, AssertionError, unreachable } from "./assert";
export { AtomicFile } from "./atomic-file";
export { Heap } from "./heap";
export { InputError, inRange, wholeInRange } from "./input-error";
export { Random } from "./random";
