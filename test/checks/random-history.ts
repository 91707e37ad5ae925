/**
 * Histories of an atomic object, recorded with overlap, unknown outcomes, failures and planted
 * lies.
 */
import { Random } from "dabbawala/basics";
import { illegal } from "dabbawala/checks";
import type { Model, ModelCall } from "dabbawala/checks";
import type { HistoryEvent } from "dabbawala/protocol";

export interface Shape {
  readonly processes: number;
  readonly operations: number;
  /** A call: name, key and argument. */
  readonly call: (random: Random, index: number) => { f: string; key?: string; value?: unknown };
  /** The answer that the atomic object gives. */
  readonly answer: (state: unknown, call: { f: string; value?: unknown }) => unknown;
  readonly infoRate?: number;
  /** Share of answers replaced by one of `lies`. */
  readonly lieRate?: number;
  readonly lies?: readonly unknown[];
  /** Chance that a process takes its next step rather than another; more gives less overlap. */
  readonly haste?: number;
}

interface Running {
  readonly call: { f: string; key?: string; value?: unknown };
  output: unknown;
  isDone: boolean;
  isPossible: boolean;
}

/** Each operation takes effect at a random instant between its call and its answer. */
export function randomHistory(seed: number, model: Model, shape: Shape): HistoryEvent[] {
  const random = new Random(seed);
  const states = new Map<string, unknown>();
  const running = new Map<number, Running>();
  const names = Array.from({ length: shape.processes }, (_, i) => i);
  const events: HistoryEvent[] = [];
  let begun = 0;
  let nextName = shape.processes;
  while (begun < shape.operations || running.size > 0) {
    const slot = random.below(names.length);
    const process = names[slot]!;
    const mine = running.get(process);
    const emit = (type: HistoryEvent["type"], of: Running["call"], value: unknown): void => {
      events.push({ process, type, f: of.f, key: of.key, value, time: events.length });
    };
    if (mine === undefined) {
      if (begun >= shape.operations) continue;
      const call = shape.call(random, begun++);
      running.set(process, { call, output: undefined, isDone: false, isPossible: true });
      emit("invoke", call, call.value ?? null);
    } else if (!mine.isDone) {
      if (random.chance(shape.infoRate ?? 0)) {
        if (random.chance(0.5)) take(model, states, mine, { shape, process });
        emit("info", mine.call, null);
        running.delete(process);
        names[slot] = nextName++;
        continue;
      }
      take(model, states, mine, { shape, process });
    } else {
      const isLie = random.chance(shape.lieRate ?? 0) && shape.lies !== undefined;
      if (!mine.isPossible && !isLie) emit("fail", mine.call, mine.call.value ?? null);
      else emit("ok", mine.call, isLie ? random.pick(shape.lies!) : mine.output);
      running.delete(process);
    }
  }
  return events;
}

function take(
  model: Model,
  states: Map<string, unknown>,
  mine: Running,
  { shape, process }: { shape: Shape; process: number },
): void {
  const key = mine.call.key ?? "";
  const state = states.has(key) ? states.get(key) : model.initial();
  mine.output = shape.answer(state, mine.call);
  const call: ModelCall = {
    f: mine.call.f,
    key: mine.call.key,
    input: mine.call.value ?? null,
    output: mine.output,
    isKnown: true,
    ...(model.isByProcess ? { process } : {}),
  };
  const next = model.step(state, call);
  mine.isDone = true;
  mine.isPossible = next !== illegal;
  if (mine.isPossible) states.set(key, next);
}

const values = [1, 2, 3];

export const shapes: Record<string, Omit<Shape, "processes" | "operations">> = {
  register: {
    call: (random) =>
      random.chance(0.5) ? { f: "read" } : { f: "write", value: random.pick(values) },
    answer: (state, { f, value }) => (f === "read" ? state : value),
    lies: [1, 2, 3, null],
  },
  "unique register": {
    call: (random, index) => (random.chance(0.5) ? { f: "read" } : { f: "write", value: index }),
    answer: (state, { f, value }) => (f === "read" ? state : value),
    lies: [0, 1, 2, 3, 4, 5, 6, null],
  },
  "cas-register": {
    call: (random) => {
      const f = random.pick(["read", "write", "cas"]);
      if (f === "read") return { f };
      return f === "write"
        ? { f, value: random.pick(values) }
        : { f, value: [random.pick(values), random.pick(values)] };
    },
    answer: (state, { f, value }) => (f === "read" ? state : value),
    lies: [1, 2, 3, null],
  },
  kv: {
    call: (random, index) => {
      const key = random.pick(["x", "y"]);
      const f = random.pick(["get", "put", "append", "delete"]);
      if (f === "get" || f === "delete") return { f, key };
      return { f, key, value: f === "put" ? random.pick(["a", "b"]) : String(index) };
    },
    answer: (state, { f, value }) => (f === "get" ? state : (value ?? null)),
    lies: ["a", "b", "a1", "ab", null, ""],
  },
  queue: {
    call: (random, index) =>
      random.chance(0.5) ? { f: "dequeue" } : { f: "enqueue", value: index % 4 },
    answer: (state, { f, value }) => (f === "dequeue" ? ((state as unknown[])[0] ?? null) : value),
    lies: [0, 1, 2, 3, null],
  },
  "unique queue": {
    call: (random, index) =>
      random.chance(0.5) ? { f: "dequeue" } : { f: "enqueue", value: index },
    answer: (state, { f, value }) => (f === "dequeue" ? ((state as unknown[])[0] ?? null) : value),
    lies: [0, 1, 2, 3, 4, null],
  },
  "unique kv": {
    call: (random, index) => {
      const f = random.pick(["get", "get", "append", "append", "put"]);
      return f === "get" ? { f, key: "x" } : { f, key: "x", value: `<${index}>` };
    },
    answer: (state, { f, value }) => (f === "get" ? state : value),
    lies: [null, "", "<0>", "<1>", "<0><1>", "<1><0>", "<1><2>", "<0><2>", "<2><3>"],
  },
  lock: {
    call: (random) => ({ f: random.pick(["acquire", "release"]) }),
    answer: () => null,
    lies: [null],
  },
};
