/** An option that does not exist is refused by name, whoever is asked. */
import {
  ActiveHealth,
  BalancedServer,
  Balancer,
  ballsInBins,
  bursts,
  CircuitBreaker,
  Doors,
  NearestRegion,
  OutlierDetection,
  PeakEwma,
  Pool,
  PowerOfChoices,
  Prequal,
  RequestClient,
  RetryBudget,
  ScalingRule,
  ServerHealth,
  simulateFarm,
  SlowStart,
} from "dabbawala/balancing";
import { expect, it } from "vitest";

const pool = new Pool([{ id: "a" }]);
const rates = { calmRate: 1, burstRate: 2, calmMs: 1, burstMs: 1 };
const typo = { colour: "red" };

const asked: Readonly<Record<string, () => unknown>> = {
  PowerOfChoices: () => new PowerOfChoices(pool, typo as object),
  NearestRegion: () => new NearestRegion(pool, typo as object),
  PeakEwma: () => new PeakEwma(pool, typo as object),
  Prequal: () => new Prequal(pool, typo as object),
  ActiveHealth: () => new ActiveHealth(typo as object),
  CircuitBreaker: () => new CircuitBreaker(typo as object),
  OutlierDetection: () => new OutlierDetection(1, typo as object),
  RetryBudget: () => new RetryBudget(typo as object),
  SlowStart: () => new SlowStart(typo as object),
  Doors: () => new Doors(pool, typo as object),
  ServerHealth: () => new ServerHealth(pool, typo as object),
  ScalingRule: () => new ScalingRule({ target: 1, ...typo }),
  ballsInBins: () => ballsInBins({ bins: 1, ...typo }),
  bursts: () => bursts({ ...rates, ...typo }),
  simulateFarm: () => simulateFarm(typo as never),
  "a balancer": () => new Balancer("b1", ["n1"], typo as object),
  "a balanced server": () => new BalancedServer("n1", [], typo as object),
  "a request client": () => new RequestClient("c1", ["b1"], typo as object),
};

it.each(Object.entries(asked))("%s has no option that nobody knows", (owner, ask) => {
  expect(ask).toThrow(`${owner} has no option "colour"`);
});
