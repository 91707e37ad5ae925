export type { NotTaken, RetryOptions, TakenIn, Task, TaskContext } from "./options";
export type { TaskOptions, TaskOutcome, TaskQueueOptions } from "./options";
export { TaskQueue } from "./task-queue";
