/**
 * Parts. "allocator": choosing berths by bits against a straightforward scan of rows of
 * booleans: the same decisions, for a train that fills up with journeys of all lengths, against its
 * stretches and its berths. "postgres": bookings by real processes against PostgreSQL on one
 * machine, at equal durability. "rush": more than can be served, with and without refusals. "hour":
 * the notes' 720,000 requests, simulated and at real processes; "simulated-hour" and
 * "real-hour": one of the two.
 */
import { Random } from "dabbawala/basics";
import { chooseBerths, emptyBerthMap, layoutOf, releaseBerth } from "dabbawala/scenarios/irctc";
import { takeBerth, trainPlan } from "dabbawala/scenarios/irctc";
import type { Layout, Stops, Wishes } from "dabbawala/scenarios/irctc";
import { ScanBerths } from "../scenarios/irctc/booking/scan-berths";
import type { BenchmarkOptions, BenchmarkRow } from "./benchmark";
import { ourSide } from "./booking/load";
import { postgresPrograms, postgresSide } from "./booking/postgres";
import type { Isolation } from "./booking/postgres";
import { hourRows, realHourRows, simulatedHourRows } from "./booking/hour";
import { rushRows } from "./booking/rush";
import { interleaved, rate } from "./benchmark";
import type { Measured } from "./contest/closed-loops";
import { inTurns } from "./contest/in-turns";

export const parts = {
  ...{ allocator, postgres, rush: rushRows },
  ...{ hour: hourRows, "simulated-hour": simulatedHourRows, "real-hour": realHourRows },
};

export async function run(options: BenchmarkOptions): Promise<BenchmarkRow[]> {
  const rush = [...(await rushRows()), ...(await hourRows(options))];
  return [...(await allocator()), ...(await postgres()), ...rush];
}

/** Seats booked by 64 clients: one server with a synced disk on either side, then our three. */
async function postgres(): Promise<BenchmarkRow[]> {
  const bin = postgresPrograms();
  if (bin === undefined) {
    console.error(
      "booking: PostgreSQL is not installed, so it is skipped: apt-get install postgresql",
    );
    return [];
  }
  const rows: BenchmarkRow[] = [];
  for (const [servers, isolation] of [
    [1, "skip locked"],
    [1, "serializable"],
    [3, "skip locked"],
  ] as const) {
    rows.push(await bookingContest(bin, servers, isolation));
  }
  return rows;
}

async function bookingContest(
  bin: string,
  servers: number,
  isolation: Isolation,
): Promise<BenchmarkRow> {
  const { ours, theirs } = await inTurns({
    rounds: 3,
    own: () => ourSide(clients, servers),
    peer: () => Promise.resolve(postgresSide(bin, isolation, clients)),
  });
  const who = servers === 1 ? "1 server" : `${servers} servers on one machine, PostgreSQL 1`;
  return {
    work: `seats booked, synced, ${clients} clients, ${who}`,
    ours: textOf(ours),
    peer: `PostgreSQL, ${isolation}: ${textOf(theirs)}`,
    ratio: ours.throughput / theirs.throughput,
    bar: servers === 1 ? 1 : null,
  };
}

const clients = 64;

function textOf({ throughput, p50Ms, p99Ms }: Measured): string {
  const seats = Math.round(throughput).toLocaleString("en-GB");
  return `${seats} seats/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;
}

async function allocator(): Promise<BenchmarkRow[]> {
  const rows: BenchmarkRow[] = [];
  for (const [coaches, stretches] of [
    [10, 6],
    [10, 24],
    [10, 60],
    [2, 24],
    [24, 24],
  ] as const) {
    rows.push(await contest(coaches, stretches));
  }
  return rows;
}

/** Two trains of a kind, one that fills up and one that is full, and what is then asked of both. */
async function contest(coaches: number, stretches: number): Promise<BenchmarkRow> {
  const stations = Array.from({ length: stretches + 1 }, (_, i) => `S${i}`);
  const layout = layoutOf(trainPlan({ stations, coaches }));
  const sides = [coaches * 20, coaches * 400].map((sales) => {
    const asked = askedOf(stretches, sales);
    const [bits, scan] = [byBits(layout, stretches), byScan(layout, stretches)];
    if (play(asked, bits) !== play(asked, scan)) throw new Error("the two do not decide alike");
    return { bits, scan };
  });
  const questions = askedOf(stretches, decisions / 2);
  const answer = (side: "bits" | "scan"): void => {
    for (const each of sides) for (const question of questions) each[side].choose(question);
  };
  const { ours, peer, ratio } = await interleaved({
    ours: () => repeat(repeats, () => answer("bits")),
    peer: () => answer("scan"),
  });
  return {
    work: `berths chosen, ${coaches * 72} berths, ${stretches} stretches`,
    ours: rate(decisions, "decisions", ours.medianMs / repeats),
    peer: `straightforward scan ${rate(decisions, "decisions", peer.medianMs)}`,
    ratio: ratio * repeats,
    bar: 10,
  };
}

/** Ours is done in no time: so often, that the clock can tell. */
const repeats = 20;
const decisions = 4_000;

function repeat(times: number, work: () => void): void {
  for (let i = 0; i < times; i++) work();
}

interface Asked {
  readonly stops: Stops;
  readonly wishes: Wishes;
  /** Which of the sales so far is given back, 0 to 1; undefined for none. */
  readonly frees: number | undefined;
}

/** Five journeys in six for one passenger; every third request gives an earlier sale back. */
function askedOf(stretches: number, count: number): Asked[] {
  const random = new Random(41, stretches);
  return Array.from({ length: count }, () => {
    const from = random.below(stretches);
    const to = from + 1 + random.below(stretches - from);
    const passengers = random.chance(5 / 6) ? 1 : 2 + random.below(5);
    const wish = random.chance(0.3) ? ("lower" as const) : null;
    const wishes = new Array<typeof wish>(passengers).fill(wish);
    return { stops: { from, to }, wishes, frees: random.chance(1 / 3) ? random.next() : undefined };
  });
}

interface Side {
  choose(asked: Asked): number[] | undefined;
  take(places: readonly number[], stops: Stops): void;
  release(places: readonly number[], stops: Stops): void;
}

function byBits(layout: Layout, stretches: number): Side {
  const map = emptyBerthMap(layout.places, stretches);
  const within = layout.all;
  return {
    choose: ({ stops, wishes }) => chooseBerths({ map, layout, within }, stops, wishes),
    take: (places, stops) => places.forEach((place) => takeBerth(map, place, stops)),
    release: (places, stops) => places.forEach((place) => releaseBerth(map, place, stops)),
  };
}

function byScan(layout: Layout, stretches: number): Side {
  const scan = new ScanBerths(layout, stretches);
  return {
    choose: ({ stops, wishes }) => scan.choose(layout.all, stops, wishes),
    take: (places, stops) => scan.mark(places, stops, true),
    release: (places, stops) => scan.mark(places, stops, false),
  };
}

function play(asked: readonly Asked[], side: Side): number {
  const sold: { places: number[]; stops: Stops }[] = [];
  let decided = 0;
  for (const request of asked) {
    const places = side.choose(request);
    for (const place of places ?? [-1]) decided = (Math.imul(decided, 31) + place) | 0;
    if (places !== undefined) {
      side.take(places, request.stops);
      sold.push({ places, stops: request.stops });
    }
    if (request.frees === undefined || sold.length === 0) continue;
    const at = Math.floor(request.frees * sold.length);
    side.release(sold[at].places, sold[at].stops);
    sold[at] = sold[sold.length - 1];
    sold.pop();
  }
  return decided;
}
