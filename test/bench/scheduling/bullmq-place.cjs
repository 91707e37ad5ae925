/**
 * A process of BullMQ's side: `node bullmq-place.cjs worker|producer OPTIONS`, OPTIONS as JSON. The
 * worker tells its parent how many jobs it has completed; the producer is told, so that it keeps as
 * many under way as it may, without a question to Redis.
 */
const { Queue, Worker } = require("bullmq");

const [role, text] = process.argv.slice(2);
const { port, concurrency, producers, batch, window, kept } = JSON.parse(text);
const connection = { host: "127.0.0.1", port, maxRetriesPerRequest: null };

function work() {
  let completed = 0;
  const worker = new Worker("work", async () => null, { connection, concurrency });
  worker.on("completed", () => completed++);
  worker.on("failed", (_job, error) => process.send({ failed: String(error) }));
  worker.on("error", () => undefined); // Redis is stopped first.
  setInterval(() => process.send({ completed }), 10);
}

function produce() {
  let completed = 0;
  let added = 0;
  let wake = () => undefined;
  process.on("message", (message) => {
    completed = message.completed;
    wake();
  });
  const opts = { removeOnComplete: kept === 0 ? true : { count: kept } };
  const jobs = Array.from({ length: batch }, () => ({ name: "k", data: null, opts }));
  const loop = async () => {
    const queue = new Queue("work", { connection });
    queue.on("error", () => undefined);
    for (;;) {
      while (added + batch > completed + producers * window) {
        await new Promise((resolve) => {
          const before = wake;
          wake = () => (before(), resolve());
        });
      }
      added += batch;
      await queue.addBulk(jobs);
    }
  };
  for (let i = 0; i < producers; i++) loop().catch(() => process.exit());
}

process.on("disconnect", () => process.exit());
if (role === "worker") work();
else produce();
