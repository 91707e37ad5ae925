/** What nobody should ask for: a plan, a command or a search that no server may fall over. */
import { describe, expect, it } from "vitest";
import { BookingServer, PaymentGateway, bookingMachine } from "dabbawala/scenarios/irctc";
import { bookingViolation, trainPlan } from "dabbawala/scenarios/irctc";
import type { BookingCommand, BookingQuery } from "dabbawala/scenarios/irctc";
import { Simulator, at, crash } from "dabbawala/hosts";

const machine = bookingMachine();
const departure = "12951|2026-01-12|SL";
const stations = ["MMCT", "BRC", "KOTA", "NDLS"];
const someone = { age: 40, gender: "F" } as const;

describe("the plan of a train", () => {
  it.each([
    [{ stations: undefined }, "stations must be a list of names"],
    [{ stations: "ABCD" }, "stations must be a list of names"],
    [{ stations: ["A"] }, "the number of stations must be from 2 to 64, but was 1"],
    [{ stations: ["A", "B", "A"] }, "stations must have names, each of its own"],
    [{ kmTo: [0, 100] }, "kmTo must have a number for each station, from 0 on and growing"],
    [{ kmTo: [0, 100, 50, 200] }, "kmTo must have"],
    [{ kmTo: [0, 100, NaN, 200] }, "kmTo must have"],
    [{ coaches: 31 }, "coaches must be from 1 to 30, but was 31"],
    [{ travelClass: "EC" }, 'there is no class "EC"'],
    [{ travelClass: "toString" }, 'there is no class "toString"'],
    [{ quotas: { tatkal: -5, ladies: 5 } }, "quotas, tatkal, must be from 0 to 1000000"],
    [{ quotas: { tatkal: 1.5, ladies: 0.5 } }, "quotas, tatkal, must be a whole number"],
    [{ quotas: { vip: 5 } }, 'quotas: there is no quota "vip"'],
    [{ quotas: { tatkal: 200 } }, "quotas must be 138 berths together at most: 220"],
    [{ racBerths: { general: -2, ladies: 2 } }, "racBerths, general, must be from 0"],
    [{ racBerths: { tatkal: 1 } }, "racBerths: tatkal has no RAC"],
    [{ racBerths: 19 }, "racBerths must be 18 berths together at most: 19"],
    [{ waitingLimits: { general: -1 } }, "waitingLimits, general, must be from 0"],
    [{ holdMs: 0 }, "holdMs must be from 1"],
    [{ departsMs: NaN }, "departsMs must be from 0"],
    [{ tatkalOpensMs: -1 }, "tatkalOpensMs must be from 0"],
  ])("%j is refused by name", (options, words) => {
    const plan = (): unknown => trainPlan({ stations, ...options } as never);
    expect(plan).toThrow(RangeError);
    expect(plan).toThrow(words);
  });

  it("is a plan of itself", () => {
    const plan = trainPlan({ stations, racBerths: { general: 2, ladies: 1 } });
    expect(trainPlan(plan)).toEqual(plan);
  });
});

describe("what a machine is told", () => {
  const state = machine.initial();
  const tell = (command: unknown): unknown => machine.apply(state, command as BookingCommand);
  const book = (changes: object): unknown => {
    const journey = { from: 0, to: 3, quota: "general", passengers: [someone] };
    return tell({ op: "book", key: JSON.stringify(changes), departure, ...journey, ...changes });
  };
  tell({ op: "open", departure, plan: trainPlan({ stations }) });

  it.each([
    [{ passengers: [null] }, "passenger 1 needs an age from 0 to 125"],
    [{ passengers: [someone, { gender: "F" }] }, "passenger 2 needs an age from 0 to 125"],
    [{ passengers: [{ ...someone, age: -4 }] }, "passenger 1 needs an age"],
    [{ passengers: [{ age: 40, gender: "X" }] }, "passenger 1 needs a gender: F, M or T"],
    [{ passengers: [{ ...someone, wish: "roof" }] }, 'passenger 1 wishes for a "roof", which'],
    [{ passengers: "FFF" }, "a general ticket is for 1 to 6 passengers"],
    [{ passengers: [] }, "a general ticket is for 1 to 6 passengers"],
    [{ quota: "tatkal", passengers: new Array(5).fill(someone) }, "for 1 to 4 passengers"],
    [{ from: 2, to: 1 }, "a journey goes from a stop to a later one, 0 to 3"],
    [{ from: 0.5 }, "a journey goes from a stop to a later one, 0 to 3"],
    [{ quota: "toString" }, 'there is no quota "toString"'],
    [{ departure: "12951" }, "12951 is not on sale"],
  ])("a booking with %j is refused and changes nothing", (changes, words) => {
    const before = JSON.stringify({ ...(machine.toJson(state) as object), answers: 0 });
    const answer = book(changes);
    expect(answer).toMatchObject({ kind: "refused" });
    expect((answer as { reason: string }).reason).toContain(words);
    expect(JSON.stringify({ ...(machine.toJson(state) as object), answers: 0 })).toBe(before);
  });

  it.each([
    [{ departure: "x" }, "stations must be a list of names"],
    [{ departure: "x", plan: { stations, coaches: 0 } }, "coaches must be"],
    [{ plan: { stations } }, "a departure needs a name"],
    [{ departure: "x", plan: { stations }, shard: 100 }, "must be from 0 to 99"],
    [{ departure: "x", plan: { stations }, shard: 7 }, "the number of this shard is 0, not 7"],
  ])("a train is not put on sale by %j", (command, words) => {
    const answer = tell({ op: "open", ...command });
    expect((answer as { reason: string }).reason).toContain(words);
    expect([...state.departures.keys()]).toEqual([departure]);
  });

  it.each([
    [{ from: 3, to: 0 }, "a journey goes from a stop to a later one, 0 to 3"],
    [{ from: -3, to: 1 }, "a journey goes"],
    [{ to: 30 }, "a journey goes"],
    [{ quota: "vip" }, 'there is no quota "vip"'],
  ])("a search with %j is refused", (changes, reason) => {
    const search = { op: "search", departure, from: 0, to: 3, quota: "general", ...changes };
    const answer = machine.query(state, search as BookingQuery) as { reason: string };
    expect(answer.reason).toContain(reason);
  });

  it("a train that has departed is not booked any more, charted or not", () => {
    const { departsMs } = trainPlan({ stations });
    expect(book({ atMs: departsMs - 1 })).toMatchObject({ kind: "ticket" });
    expect(book({ atMs: departsMs })).toMatchObject({ reason: `${departure} has departed` });
    const { pnr } = [...state.tickets.values()].at(-1)!;
    tell({ op: "chart", departure, atMs: departsMs + 1 });
    expect(machine.query(state, { op: "ticket", pnr })).toMatchObject({
      ...{ state: "ended", standing: { because: "released" } },
    });
    expect(bookingViolation(state)).toBeUndefined();
  });
});

describe("the time in the log", () => {
  it("goes on behind an hour that an earlier leader's clock was ahead: holds end", () => {
    const simulator = new Simulator<never, never>({ seed: 1 });
    const servers = ["n1", "n2", "n3"];
    for (const id of servers) {
      const peers = servers.filter((other) => other !== id);
      const clock = { skewMs: id === "n1" ? 3_600_000 : 0 };
      simulator.add(id, BookingServer as never, { peers, options: { gateway: null }, clock });
    }
    simulator.add("c1", PaymentGateway as never, { peers: [] }); // who hears the answers
    const ask = (id: string, message: object): void => simulator.inject("c1", id, message as never);
    ask("n1", { type: "timeoutNow", term: 0 });
    simulator.run({ untilMs: 500 });
    const plan = trainPlan({ stations, holdMs: 2_000 });
    const passengers = [someone];
    const request = { key: "k", departure, from: 0, to: 3, quota: "general", passengers };
    const commands = [
      { op: "open", departure, plan },
      { op: "book", ...request },
    ];
    for (const command of commands) ask("n1", { type: "command", requestId: 1, command });
    simulator.schedule(at(1_000, crash(["n1"])));
    const server = (): BookingServer => simulator.nodeOf("n2") as unknown as BookingServer;
    simulator.run({ untilMs: 1_500 });
    expect(server().booking.holds.size).toBe(1);
    expect(server().booking.clockMs).toBeGreaterThan(3_600_000 + 1_000);
    simulator.run({ untilMs: 5_000 });
    expect(server().booking.holds.size).toBe(0);
  });
});
