/** An option that does not exist is refused by name, whoever is asked. */
import {
  mandelbrot,
  measureGaps,
  nextCronMs,
  optimalSchedule,
  SchedulerServer,
  simulateScheduling,
  simulateStealing,
  startTeam,
  TaskBoard,
  TaskQueue,
  tokenBucket,
  unevenComputation,
} from "dabbawala/scheduling";
import { Random } from "dabbawala/basics";
import { expect, it } from "vitest";

const typo = { colour: "red" };
const load = { times: [1], machines: 1 };

const asked: Readonly<Record<string, () => unknown>> = {
  "a scheduler": () => new SchedulerServer("n1", [], typo as object),
  "a board": () => new TaskBoard(typo as object),
  backoff: () => new TaskBoard({ backoff: typo as object }),
  "a task queue": () => new TaskQueue(typo as object),
  "a task": () => new TaskQueue().submit(() => 1, typo as object),
  retry: () => new TaskQueue({ retry: { times: 1, ...typo } }),
  tokenBucket: () => tokenBucket({ perSecond: 1, ...typo }, 0),
  nextCronMs: () => nextCronMs("* * * * *", 0, typo as object),
  measureGaps: () => measureGaps({ seed: 1, ...typo }),
  optimalSchedule: () => optimalSchedule(load, typo as object),
  simulateScheduling: () => simulateScheduling(typo as never),
  simulateStealing: () => simulateStealing([], typo as never),
  unevenComputation: () => unevenComputation({ total: 1, ...typo }, new Random(1)),
  mandelbrot: () => mandelbrot({ side: 1, image: new SharedArrayBuffer(4), ...typo }),
};

it.each(Object.entries(asked))("%s has no option that nobody knows", (owner, ask) => {
  expect(ask).toThrow(`${owner} has no option "colour"`);
});

it("a team neither", async () => {
  const program = { module: "dabbawala/scheduling", name: "queens" };
  await expect(startTeam({ program, ...typo } as never)).rejects.toThrow(
    'startTeam has no option "colour"',
  );
});
