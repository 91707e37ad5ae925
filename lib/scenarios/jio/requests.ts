/** Where each request of the day comes from: a city by its demand then, a tower by chance. */
import type { Random } from "../../basics";
import type { BalancedRequest } from "../../balancing";
import { cityDemands, demandAt } from "./demand";
import type { CityDemand } from "./demand";

const stepsPerHour = 6;
/** A tower for 100,000 people; real networks have far more, and each far less to do. */
const towersPerMillion = 10;
/** Busy towers are busier than others: the k-th of a city has 1/k^0.8 of the first one's. */
const skew = 0.8;

interface Place {
  /** Sums of what its towers ask for. */
  readonly sums: Float64Array;
  /** One object a tower, since a request says nothing else. */
  readonly requests: readonly BalancedRequest[];
}

/** Cities and towers by chance, for the hour that the clock shows. */
export function requestsOfTheDay(hourMs: number): (random: Random, ms: number) => BalancedRequest {
  const byStep = Array.from({ length: 24 * stepsPerHour }, (_, step) =>
    sumsOf(cityDemands.map((city) => demandAt(city, (step + 0.5) / stepsPerHour))),
  );
  const places = cityDemands.map(placeOf);
  return (random, ms) => {
    const step = Math.floor((ms / hourMs) * stepsPerHour) % byStep.length;
    const { sums, requests } = places[draw(byStep[step] as Float64Array, random)] as Place;
    return requests[draw(sums, random)] as BalancedRequest;
  };
}

function placeOf({ city, millions }: CityDemand): Place {
  const towers = Array.from({ length: Math.ceil(millions * towersPerMillion) }, (_, at) => at + 1);
  const requests = towers.map((tower) => ({ key: `${city}, tower ${tower}`, region: city }));
  return { sums: sumsOf(towers.map((tower) => tower ** -skew)), requests };
}

function sumsOf(values: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(values, (value) => (sum += value));
}

/** A place by its part of the last sum. */
function draw(sums: Float64Array, random: Random): number {
  const mark = random.next() * (sums.at(-1) as number);
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] as number) > mark) high = middle;
    else low = middle + 1;
  }
  return low;
}
