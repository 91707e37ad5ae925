import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bookingMachine,
  bookingViolation,
  passedOver,
  standings,
  trainPlan,
} from "dabbawala/scenarios/irctc";
import type {
  BookingAnswer,
  BookingCommand,
  BookingState,
  TicketView,
} from "dabbawala/scenarios/irctc";

const machine = bookingMachine();
const departure = "12951|2026-01-12|1A";
const stations = ["MMCT", "BRC", "KOTA", "NDLS"];
const hourMs = 3_600_000;
const day = 24 * hourMs;

class Office {
  state: BookingState = machine.initial();
  private count = 0;

  constructor(options: Partial<Parameters<typeof trainPlan>[0]> = {}) {
    const small = {
      coaches: 1,
      travelClass: "1A",
      quotas: { tatkal: 2, ladies: 2, senior: 2, defence: 0 },
    } as const;
    this.tell({ op: "open", departure, plan: trainPlan({ stations, ...small, ...options }) });
  }

  tell(command: BookingCommand): BookingAnswer {
    const before = standings(this.state);
    const answer = machine.apply(this.state, command) as BookingAnswer;
    expect(bookingViolation(this.state)).toBeUndefined();
    expect(passedOver(this.state, before)).toBeUndefined();
    return answer;
  }

  book(changes: Partial<Extract<BookingCommand, { op: "book" }>> = {}): TicketView {
    const journey = {
      from: 0,
      to: 3,
      quota: "general",
      passengers: [{ age: 30, gender: "F" }],
    } as const;
    const key = changes.key ?? `key-${++this.count}`;
    return this.tell({ op: "book", departure, ...journey, ...changes, key }) as TicketView;
  }

  paid(changes: Partial<Extract<BookingCommand, { op: "book" }>> = {}): TicketView {
    const { pnr } = this.book(changes);
    return this.tell({ op: "paid", pnr }) as TicketView;
  }

  ticket(pnr: string): TicketView {
    return machine.query(this.state, { op: "ticket", pnr }) as TicketView;
  }
}

describe("booking", () => {
  it("holds a berth until it is paid, and charges for it", () => {
    const office = new Office();
    const ticket = office.book();
    expect(ticket).toMatchObject({ kind: "ticket", state: "held", standing: { kind: "berths" } });
    expect([...office.state.orders.values()]).toMatchObject([{ kind: "charge", pnr: ticket.pnr }]);
    expect(office.tell({ op: "paid", pnr: ticket.pnr })).toMatchObject({ state: "booked" });
    expect(office.state.orders.size).toBe(0);
  });

  it("answers a repeated key alike, and another request under it not at all", () => {
    const office = new Office();
    const first = office.book({ key: "mine" });
    expect(office.book({ key: "mine" })).toEqual(first);
    expect(office.state.tickets.size).toBe(1);
    expect(office.book({ key: "mine", to: 2 })).toEqual({ kind: "keyReused", key: "mine" });
  });

  it("answers a repeated key as the first time, promoted since and started from a snapshot", () => {
    const office = new Office({ coaches: 1, quotas: { tatkal: 1, ladies: 0 } });
    const [first] = [office.paid({ quota: "tatkal" })];
    const waiting = office.book({ quota: "tatkal", key: "mine" });
    expect(waiting.standing).toEqual({ kind: "waiting", number: 1 });
    office.tell({ op: "paid", pnr: waiting.pnr });
    office.tell({ op: "cancel", pnr: first.pnr });
    expect(office.ticket(waiting.pnr)).toMatchObject({
      ...{ state: "booked", standing: { kind: "berths" } },
    });
    expect(office.book({ quota: "tatkal", key: "mine" })).toEqual(waiting);
    const saved = JSON.stringify(machine.toJson(office.state));
    office.state = machine.fromJson(JSON.parse(saved));
    expect(office.book({ quota: "tatkal", key: "mine" })).toEqual(waiting);
    expect(office.book({ key: "mine" })).toEqual({ kind: "keyReused", key: "mine" });
  });

  it("keeps a refusal a refusal, though a berth is free by then", () => {
    const office = new Office({ waitingLimits: { tatkal: 0 } });
    const [one] = [office.book({ quota: "tatkal" }), office.book({ quota: "tatkal" })];
    const refused = office.book({ quota: "tatkal", key: "late" });
    expect(refused).toEqual({ kind: "refused", reason: "the waiting list is full" });
    office.tell({ op: "cancel", pnr: one.pnr });
    expect(office.book({ quota: "tatkal", key: "late" })).toEqual(refused);
  });

  it("lets go of what is not paid in time, by the commands' time, and voids its charge", () => {
    const office = new Office();
    const { pnr } = office.book({ atMs: 1_000 });
    office.tell({ op: "tick", atMs: 300_999 });
    expect(office.ticket(pnr).state).toBe("held");
    office.tell({ op: "tick", atMs: 301_000 });
    expect(office.ticket(pnr).standing).toEqual({ kind: "none", because: "released" });
    expect([...office.state.orders.values()]).toMatchObject([{ kind: "refund", pnr }]);
    expect(office.tell({ op: "paid", pnr })).toMatchObject({ state: "ended" });
    office.tell({ op: "refunded", pnr });
    expect(office.state.orders.size).toBe(0);
  });

  it("refuses who has no right to a quota, a group that is too large, and a closed one", () => {
    const office = new Office({ tatkalOpensMs: 10 * hourMs });
    const man = { age: 40, gender: "M" } as const;
    const says = (changes: object): string => {
      return (office.book(changes) as unknown as { reason: string }).reason;
    };
    expect(says({ quota: "ladies", passengers: [man] })).toMatch("passenger 1 has no right");
    expect(says({ quota: "senior", passengers: [man] })).toMatch("no right to the senior quota");
    expect(says({ passengers: new Array(7).fill(man) })).toMatch("for 1 to 6 passengers");
    expect(says({ quota: "tatkal" })).toBe("tatkal is not open yet");
    expect(says({ from: 2, to: 2 })).toMatch("from a stop to a later one, 0 to 3");
    expect(office.book({ quota: "tatkal", atMs: 10 * hourMs }).state).toBe("held");
  });

  it("gives ladies their berths only, then their waiting list, in order", () => {
    const office = new Office();
    const tickets = [1, 2, 3, 4].map(() => office.paid({ quota: "ladies" }));
    expect(tickets.map(({ standing }) => standing.kind)).toEqual([
      "berths",
      "berths",
      "waiting",
      "waiting",
    ]);
    expect(tickets[3].standing).toEqual({ kind: "waiting", number: 2 });
    office.tell({ op: "cancel", pnr: tickets[0].pnr });
    expect(office.ticket(tickets[2].pnr).standing.kind).toBe("berths");
    expect(office.ticket(tickets[3].pnr).standing).toEqual({ kind: "waiting", number: 1 });
  });

  it("moves from waiting to RAC to a berth", () => {
    const office = new Office({
      travelClass: "SL",
      quotas: { tatkal: 0, ladies: 71, senior: 0, defence: 0 },
      racBerths: 1,
    });
    const free = office.book({ quota: "ladies" });
    expect(free.standing).toEqual({ kind: "berths", berths: ["S1-1"] });
    const rac = [office.paid(), office.paid()];
    const waits = office.paid();
    expect(rac.map(({ standing }) => standing)).toEqual([
      { kind: "rac", seats: ["S1-7a"] },
      { kind: "rac", seats: ["S1-7b"] },
    ]);
    expect(waits.standing).toEqual({ kind: "waiting", number: 1 });
    office.tell({ op: "cancel", pnr: rac[0].pnr });
    expect(office.ticket(waits.pnr).standing).toEqual({ kind: "rac", seats: ["S1-7a"] });
    office.tell({ op: "chart", departure });
    expect(office.ticket(waits.pnr).standing.kind).toBe("berths");
  });

  it("prepares the chart: unsold quotas are for all, who still waits gets all but clerkage", () => {
    const office = new Office();
    const many = Array.from({ length: 30 }, () => office.paid());
    office.tell({ op: "chart", departure });
    const kinds = many.map(({ pnr }) => office.ticket(pnr).standing.kind);
    expect(kinds.filter((kind) => kind === "berths")).toHaveLength(24);
    expect(kinds.slice(24)).toEqual(new Array(6).fill("none"));
    const last = office.ticket(many[29].pnr);
    expect(last).toMatchObject({
      standing: { because: "dropped" },
      refundPaise: last.farePaise - 6_000,
    });
    expect(office.book()).toMatchObject({
      kind: "refused",
      reason: expect.stringMatching("chart"),
    });
  });

  it("refunds by the hours left, keeps clerkage for a waiting ticket, nothing for tatkal", () => {
    const office = new Office();
    const at = (hours: number): number => 4 * day - hours * hourMs;
    const refund = (pnr: string, hours: number): number =>
      (office.tell({ op: "cancel", pnr, atMs: at(hours) }) as TicketView).refundPaise;
    const tickets = Array.from({ length: 25 }, () => office.paid());
    const tatkal = office.paid({ quota: "tatkal" });
    const fare = tickets[0].farePaise;
    expect(fare).toBe(300 * 290 + 6_000);
    expect(tatkal.farePaise).toBe(500 * 290 + 43_500 + 6_000); // for 500 km at least
    expect(refund(tickets[23].pnr, 60)).toBe(fare - 6_000);
    expect(refund(tickets[0].pnr, 49)).toBe(fare - 24_000);
    expect(refund(tatkal.pnr, 40)).toBe(0);
    expect(refund(tickets[1].pnr, 40)).toBe(fare - 24_000); // more than a quarter
    expect(refund(tickets[2].pnr, 11)).toBe(fare / 2);
    expect(refund(tickets[3].pnr, 3)).toBe(0);
    expect(refund(tickets[3].pnr, 3)).toBe(0);
    expect(refund(tickets[24].pnr, 1)).toBe(fare - 6_000);
    expect(refund(tickets[22].pnr, 0.4)).toBe(0);
  });

  it("has PNRs of ten digits with a check digit, in the order of booking", () => {
    const office = new Office();
    const pnrs = Array.from({ length: 12 }, () => office.book().pnr);
    expect(new Set(pnrs.map((pnr) => pnr.length))).toEqual(new Set([10]));
    expect([...pnrs].sort()).toEqual(pnrs);
    expect(pnrs[0]).toBe("0000000018");
  });
});

describe("the booking machine", () => {
  const person = fc.record({
    age: fc.constantFrom(25, 70),
    gender: fc.constantFrom("F" as const, "M" as const),
  });
  const book = fc.record({
    op: fc.constant("book" as const),
    key: fc.nat(400).map((key) => `k${key}`),
    departure: fc.constant(departure),
    from: fc.nat(3),
    to: fc.nat(3),
    quota: fc.constantFrom(
      "general" as const,
      "general" as const,
      "tatkal" as const,
      "ladies" as const,
      "senior" as const,
    ),
    passengers: fc.array(person, { minLength: 1, maxLength: 5 }),
  });
  const onTicket = fc.record({
    op: fc.constantFrom(
      "cancel" as const,
      "cancel" as const,
      "paid" as const,
      "paid" as const,
      "declined" as const,
      "refunded" as const,
    ),
    ticket: fc.nat(80),
  });
  const tick = fc.record({
    op: fc.constant("tick" as const),
    afterMs: fc.constantFrom(1_000, 100_000, 400_000),
  });
  const chart = fc.constant({ op: "chart" as const, departure });
  const commands = fc.array(
    fc.oneof(
      { weight: 60, arbitrary: book },
      { weight: 40, arbitrary: onTicket },
      { weight: 10, arbitrary: tick },
      { weight: 1, arbitrary: chart },
    ),
    { minLength: 30, maxLength: 150 },
  );

  it("keeps every invariant through any commands, and its JSON tells it whole", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(commands, (steps) => {
        const office = new Office({
          travelClass: "SL",
          quotas: { tatkal: 4, ladies: 34, senior: 4, defence: 25 },
          racBerths: 2,
        });
        let atMs = 0;
        for (const step of steps) {
          atMs += step.op === "tick" ? step.afterMs : 10;
          const pnrs = [...office.state.tickets.keys()];
          if ("ticket" in step && pnrs.length === 0) continue;
          const command =
            "ticket" in step ? { op: step.op, pnr: pnrs[step.ticket % pnrs.length] } : step;
          const answer = office.tell({ ...command, atMs } as BookingCommand);
          if (answer.kind === "ticket") seen.add(answer.standing.kind);
        }
        const copy = machine.fromJson(JSON.parse(JSON.stringify(machine.toJson(office.state))));
        expect(copy).toEqual(office.state);
      }),
      { numRuns: 150 },
    );
    expect(seen).toEqual(new Set(["berths", "rac", "waiting", "none"]));
  });

  it("answers nonsense with a refusal or a shrug", () => {
    const office = new Office();
    const tell = (command: unknown): unknown => office.tell(command as BookingCommand);
    expect(tell({})).toMatchObject({ kind: "refused" });
    expect(tell({ op: "fly" })).toMatchObject({ kind: "refused" });
    expect(tell({ op: "book" })).toMatchObject({ kind: "refused" });
    expect(tell({ op: "cancel", pnr: "1" })).toEqual({ kind: "unknown", what: "PNR 1" });
    expect(machine.query(office.state, { op: "search", departure: "x" })).toMatchObject({
      kind: "unknown",
    });
  });
});
