export { assert, AssertionError, unreachable } from "./assert";
export { Heap } from "./heap";
export { InputError, inRange, wholeInRange } from "./input-error";
export { Random } from "./random";
