import { describe, expect, it } from "vitest";
import {
  bookingMachine,
  bookingQuotas,
  bookingViolation,
  fareOf,
  layoutOf,
  passedOver,
  standings,
  trainPlan,
} from "dabbawala/scenarios/irctc";
import type { BookingCommand, BookingQuota, Passenger } from "dabbawala/scenarios/irctc";
import type { TicketView, TrainPlan } from "dabbawala/scenarios/irctc";

const machine = bookingMachine();
const departure = "12951|2026-01-12|SL";
const stations = ["MMCT", "NDLS"];
const woman = { age: 30, gender: "F" } as const;
const man = { age: 30, gender: "M", isDefence: true } as const;
const oldMan = { age: 70, gender: "M" } as const;
const someoneOf: Readonly<Record<BookingQuota, Passenger>> = {
  ...{ general: man, tatkal: man, ladies: woman, senior: oldMan, defence: man },
};

/** A sleeper coach of 72 berths; general has what the others leave. */
function office(quotas: Partial<TrainPlan["quotas"]>, racBerths: TrainPlan["racBerths"]) {
  const state = machine.initial();
  const none = { tatkal: 0, ladies: 0, senior: 0, defence: 0 };
  const plan = trainPlan({ stations, coaches: 1, quotas: { ...none, ...quotas }, racBerths });
  const tell = (command: BookingCommand): TicketView => {
    const before = standings(state);
    const answer = machine.apply(state, command) as TicketView;
    expect(bookingViolation(state) ?? passedOver(state, before)).toBeUndefined();
    return answer;
  };
  let count = 0;
  const book = (quota: BookingQuota, passenger: Passenger = someoneOf[quota], many = 1) => {
    const passengers = new Array<Passenger>(many).fill(passenger);
    const request = { departure, from: 0, to: 1, quota, passengers } as const;
    const { pnr } = tell({ op: "book", key: `${++count}`, ...request });
    return tell({ op: "paid", pnr });
  };
  const standing = (pnr: string) =>
    (machine.query(state, { op: "ticket", pnr }) as TicketView).standing;
  tell({ op: "open", departure, plan });
  return { state, tell, book, standing };
}

const noRac = { general: 0, tatkal: 0, ladies: 0, senior: 0, defence: 0 };

describe("quotas", () => {
  it("have RAC of their own, tatkal none: its list promotes straight to berths", () => {
    const rac = { ...noRac, general: 1, ladies: 1, senior: 1 };
    const { book, standing, tell } = office({ tatkal: 1, ladies: 1, senior: 1, defence: 1 }, rac);
    for (let i = 0; i < 13; i++) book("general", man, 5);
    const kinds = (quota: BookingQuota): string =>
      [1, 2, 3].map(() => book(quota).standing.kind).join(" ");
    expect(kinds("general")).toBe("rac rac waiting");
    for (const quota of ["ladies", "senior"] as const) {
      const tickets = [1, 2, 3, 4].map(() => book(quota));
      const found = tickets.map(({ standing: { kind } }) => kind).join(" ");
      expect(`${quota}: ${found}`).toBe(`${quota}: berths rac rac waiting`);
      tell({ op: "cancel", pnr: tickets[0].pnr });
      expect(tickets.map(({ pnr }) => standing(pnr).kind).join(" ")).toBe("none berths rac rac");
    }
    expect(kinds("tatkal")).toBe("berths waiting waiting");
    expect(kinds("defence")).toBe("berths waiting waiting");
  });

  it("know what RAC they have: a search says it", () => {
    const { state } = office({ ladies: 1 }, { ...noRac, general: 2, ladies: 1 });
    const racFree = bookingQuotas.map((quota) => {
      const query = { op: "search", departure, from: 0, to: 1, quota } as const;
      return (machine.query(state, query) as { racFree: number }).racFree;
    });
    expect(racFree).toEqual([4, 0, 2, 0, 0]);
  });

  it("split different side lowers, the general quota's first", () => {
    const racBerths = { ...noRac, general: 1, ladies: 2 };
    const { seatsOf, seats, seatLabels } = layoutOf(trainPlan({ stations, racBerths }));
    expect(seatLabels).toEqual(["S1-7a", "S1-7b", "S1-15a", "S1-15b", "S1-23a", "S1-23b"]);
    expect([seatsOf.general[0], seatsOf.ladies[0], seatsOf.tatkal[0], seats[0]]).toEqual([
      ...[0b11, 0b111100, 0, 0b111111],
    ]);
  });

  it("give tatkal no RAC even when it is asked for", () => {
    const racBerths = { tatkal: 1 };
    expect(() => trainPlan({ stations, racBerths })).toThrow("racBerths: tatkal has no RAC");
    expect(() => trainPlan({ stations, coaches: 1, racBerths: { ladies: 10 } })).toThrow(
      RangeError,
    );
    expect(trainPlan({ stations, travelClass: "1A" }).quotas.tatkal).toBe(0);
  });
});

describe("the chart", () => {
  it("gives what tatkal has left to RAC, then the general list, then tatkal's list", () => {
    const { book, standing, tell } = office({ tatkal: 4 }, { ...noRac, general: 1 });
    for (let i = 0; i < 13; i++) book("general", man, 5);
    book("general", man, 2);
    const [rac, twin, waits] = [1, 2, 3].map(() => book("general"));
    const late = book("tatkal", man, 3);
    const behind = [book("tatkal", man, 2), book("tatkal", man, 1)];
    expect(behind.map(({ standing: { kind } }) => kind)).toEqual(["waiting", "berths"]);
    tell({ op: "cancel", pnr: late.pnr });
    expect(standing(behind[0].pnr).kind).toBe("berths");
    const last = book("tatkal", man, 2);
    tell({ op: "chart", departure });
    expect([rac, twin, waits, last].map(({ pnr }) => standing(pnr).kind)).toEqual([
      ...["berths", "rac", "rac", "none"],
    ]);
  });

  it("gives ladies' berths to women who wait, then to senior citizens, then in the order", () => {
    const { book, standing, tell } = office({ ladies: 3 }, noRac);
    for (let i = 0; i < 13; i++) book("general", man, 5);
    book("general", man, 4);
    const order = [man, oldMan, man, woman, oldMan].map((each) => book("general", each));
    tell({ op: "chart", departure });
    expect(order.map(({ pnr }) => standing(pnr).kind)).toEqual([
      ...["none", "berths", "none", "berths", "berths"],
    ]);
  });
});

describe("tatkal's charge", () => {
  const passengers = [man];
  const fare = (travelClass: "SL" | "3A" | "2A", km: number, quota: BookingQuota): number =>
    fareOf(trainPlan({ stations, kmTo: [0, km], travelClass }), {
      from: 0,
      to: 1,
      quota,
      passengers,
    });

  it("is 30 % of the fare between the class's bounds, for 500 km at least", () => {
    const extra = (travelClass: "SL" | "3A" | "2A", km: number): number =>
      (fare(travelClass, km, "tatkal") - fare(travelClass, km, "general")) / 100;
    expect(extra("SL", 600)).toBe(100);
    expect(extra("SL", 1_000)).toBe(135);
    expect(extra("SL", 3_000)).toBe(200);
    expect(extra("3A", 1_000)).toBe(360);
    expect(extra("3A", 600)).toBe(300);
    expect(extra("2A", 2_000)).toBe(500);
    expect(extra("SL", 100)).toBe(100 + 400 * 0.45);
  });
});
