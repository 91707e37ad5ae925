/** What happens on a day that is not ordinary, in hours of the day, and what it does to servers. */
import { inRange, Random, wholeInRange } from "../../basics";
import type { FarmServer, SpeedChange } from "../../balancing";
import { centres } from "./centres";
import type { Centre } from "./centres";

export type JioEvent =
  /** A data centre is gone, and requests to it fail until the balancer has noticed. */
  | {
      readonly kind: "loss";
      readonly centre: Centre;
      readonly fromHour: number;
      readonly untilHour: number;
      /** Until it is noticed; default 300 ms. */
      readonly noticedMs?: number;
    }
  /** One server works at a part of its speed, and no health check tells. */
  | {
      readonly kind: "slow";
      /** Its name, as "Mumbai 1". */
      readonly server: string;
      /** What is left of its speed, 0.001 to 1. */
      readonly part: number;
      readonly fromHour: number;
      readonly untilHour: number;
    }
  /** A cricket final: at every wicket all cities reload at once. */
  | {
      readonly kind: "final";
      readonly fromHour: number;
      readonly untilHour: number;
      readonly wickets: number;
      /** How many times the requests that there are anyway. */
      readonly factor: number;
      /** How long each burst lasts. */
      readonly burstMs: number;
    };

/** How long an hour of the day is in the simulation. */
export interface Clock {
  readonly hourMs: number;
  readonly seed: number;
}

/** Throws a RangeError for an event that is wrong. */
export function checkEvents(events: readonly JioEvent[]): void {
  for (const event of events) {
    inRange(`fromHour of ${event.kind}`, event.fromHour, { min: 0, max: 24 });
    inRange(`untilHour of ${event.kind}`, event.untilHour, { min: event.fromHour, max: 24 });
    if (event.kind === "slow") inRange("part of slow", event.part, { min: 0.001, max: 1 });
    else if (event.kind === "loss") {
      if (!centres.includes(event.centre)) {
        throw new RangeError(`no data centre in "${event.centre}"; there are ${centres.join()}`);
      }
    } else {
      wholeInRange("wickets", event.wickets, { min: 0, max: 1_000 });
      inRange("factor of final", event.factor, { min: 1, max: 100 });
      inRange("burstMs of final", event.burstMs, { min: 1, max: 1e9 });
    }
  }
}

export function speedChanges(
  events: readonly JioEvent[],
  servers: readonly FarmServer[],
  { hourMs }: Clock,
): SpeedChange[] {
  return events.flatMap((event) => {
    if (event.kind === "final") return [];
    const [fromMs, untilMs] = [event.fromHour * hourMs, event.untilHour * hourMs];
    return servers.filter(isHit(event)).flatMap(({ id: server, speed = 1 }): SpeedChange[] => {
      const back = { atMs: untilMs, server, speed };
      if (event.kind === "slow") return [{ atMs: fromMs, server, speed: speed * event.part }, back];
      const noticedMs = fromMs + (event.noticedMs ?? 300);
      return [
        { atMs: fromMs, server, speed: 0, isNoticed: false },
        ...(noticedMs < untilMs ? [{ atMs: noticedMs, server, speed: 0 }] : []),
        back,
      ];
    });
  });
}

function isHit(event: JioEvent): (server: FarmServer) => boolean {
  return ({ id, region }) =>
    event.kind === "loss" ? region === event.centre : event.kind === "slow" && id === event.server;
}

/** By how much all requests are multiplied at a time, and the most that this may be. */
export interface Bursts {
  readonly factorAt: (ms: number) => number;
  readonly most: number;
}

export function burstsOf(events: readonly JioEvent[], { hourMs, seed }: Clock): Bursts {
  const random = new Random(seed, 7);
  const finals = events.flatMap((event) => (event.kind === "final" ? [event] : []));
  const all = finals.flatMap(({ fromHour, untilHour, wickets, factor, burstMs }) =>
    Array.from({ length: wickets }, () => {
      const fromMs = random.between(fromHour, untilHour) * hourMs;
      return { fromMs, untilMs: fromMs + burstMs, factor };
    }),
  );
  const factorAt = (ms: number): number =>
    all.reduce((factor, burst) => {
      const isNow = ms >= burst.fromMs && ms < burst.untilMs;
      return isNow ? Math.max(factor, burst.factor) : factor;
    }, 1);
  return { factorAt, most: Math.max(1, ...finals.map(({ factor }) => factor)) };
}
