/** Our worker with a handler that does nothing, for processes to load. */
const {
  registerTaskHandler,
  SchedulerClient,
  SchedulerServer,
  SchedulerWorker,
} = require("dabbawala/scheduling");

registerTaskHandler("k", () => null);
module.exports = { SchedulerClient, SchedulerServer, SchedulerWorker };
