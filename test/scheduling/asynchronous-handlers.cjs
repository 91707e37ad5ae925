/** Handlers that take their time, for threads and processes to load. */
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { setTimeout: pause } = require("node:timers/promises");
const {
  registerTaskHandler,
  SchedulerClient,
  SchedulerServer,
  SchedulerWorker,
} = require("dabbawala/scheduling");

registerTaskHandler("wait", async ({ ms }) => {
  await pause(ms);
  return { waited: ms };
});
// Waits for its signal alone, and leaves a file when that comes.
registerTaskHandler("stubborn", async (folder, _lease, { signal }) => {
  await new Promise((aborted) => signal.addEventListener("abort", aborted));
  writeFileSync(join(folder, "aborted"), "");
});
registerTaskHandler("burn", async () => {
  await pause(1);
  throw Object.assign(new Error("the rice is burnt"), { isFinal: true });
});

module.exports = { SchedulerClient, SchedulerServer, SchedulerWorker };
