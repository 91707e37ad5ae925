/**
 * Seats by MapReduce over four sizes of a day's booking requests, beside the same rules in one
 * loop over readline: `npm run bench -- seats --size 64mb`.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { mapReduce } from "dabbawala/batch";
import { lineChart } from "dabbawala/figures";
import type { Chart } from "dabbawala/figures";
import { ensureDataSet } from "dabbawala/generators";
import type { BookingRequest } from "dabbawala/generators";
import { allocateDeparture, planOf, seatInventory, seatJob } from "dabbawala/scenarios/irctc";
import { seatRequests } from "dabbawala/scenarios/irctc";
import type { BenchmarkOptions, BenchmarkRow } from "./benchmark";
import { interleaved, rate, timeOf, timing } from "./benchmark";

const workers = 2;
const bytesPerRequest = 71;
const inventory = seatInventory();

function ensureRequests(bytes: number): Promise<string> {
  return ensureDataSet("irctc-requests", { rows: rowsOf(bytes), seed: 7 });
}

function rowsOf(bytes: number): number {
  return Math.max(1_000, Math.round(bytes / bytesPerRequest / 1_000) * 1_000);
}

export async function run({ sizeBytes }: BenchmarkOptions): Promise<BenchmarkRow[]> {
  const rows = rowsOf(sizeBytes / 8);
  const file = await ensureRequests(sizeBytes / 8);
  const { ours, peer, ratio } = await interleaved({
    ours: () => mapReduce(seatJob(inventory), [file], { workers }),
    peer: () => seatsByLoop(file),
    rounds: 3,
  });
  return [
    {
      work: `seats for ${(rows / 1_000).toFixed(0)}k booking requests, quotas and waiting lists`,
      ours: rate(rows, "requests", ours.medianMs),
      peer: `readline + Map ${rate(rows, "requests", peer.medianMs)}`,
      ratio,
      bar: null,
    },
  ];
}

/** What one would write first: read all lines, group them, give out the berths. */
async function seatsByLoop(file: string): Promise<number> {
  const rows: BookingRequest[] = [];
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  lines.on("line", (line) => {
    const [request, booked, train, date, travelClass, from, to, quota, age, gender, passengers] =
      line.split(",") as string[];
    if (request === "request") return;
    rows.push({
      ...{ request: Number(request), booked, train, date, class: travelClass, from, to },
      ...{ quota: quota as BookingRequest["quota"], gender: gender as BookingRequest["gender"] },
      ...{ age: Number(age), passengers: Number(passengers) },
    });
  });
  await new Promise((resolve) => lines.on("close", resolve));
  let sold = 0;
  for (const [departure, requests] of seatRequests(rows, inventory)) {
    sold += allocateDeparture(requests, planOf(departure, inventory)).sold.length;
  }
  return sold;
}

/** Time against requests over four sizes, the last of `--size`: a straight line is predicted. */
export async function charts({ sizeBytes }: BenchmarkOptions): Promise<Record<string, Chart>> {
  const data: { thousands: number; workers: string; seconds: number }[] = [];
  for (const bytes of [64, 16, 4, 1].map((part) => sizeBytes / part)) {
    const file = await ensureRequests(bytes);
    for (const count of [1, 2]) {
      const job = () => mapReduce(seatJob(inventory), [file], { workers: count });
      const times = [await timeOf(job), await timeOf(job), await timeOf(job)];
      const seconds = timing(times).medianMs / 1_000;
      data.push({ thousands: rowsOf(bytes) / 1_000, workers: `${count}`, seconds });
    }
  }
  const time = lineChart({
    data,
    x: { field: "thousands", title: "booking requests (thousands)", type: "quantitative" },
    y: { field: "seconds", title: "time (s)" },
    series: { field: "workers", title: "workers" },
    title: "Seats by MapReduce: time against requests",
    caption:
      "Linear cost is a straight line: departures grow in number, not without bound in size.",
  });
  return { time };
}
