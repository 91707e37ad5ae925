import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { errorFunction } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { crc32 } from "dabbawala/dist/generators/checksum";
import {
  constituencies,
  makeBallots,
  Schedule,
  states,
  uploadChecksum,
  votesColumns,
  votesRows,
  votesTruth,
} from "dabbawala/generators";
import type { VotesRow } from "dabbawala/generators";
import { chiSquare, countsOf, kolmogorovSmirnov } from "./distributions";
import type { Fit } from "./distributions";

const spec = { rows: 40_000, seed: 9 };
const rows = [...votesRows(spec)];
const machines = rows.filter((row) => row.kind === "evm");
const ballots = makeBallots(spec.seed);
const seatNumbers = new Map(constituencies.map(({ code }, index) => [code, index]));
const seatOf = (row: VotesRow): number => seatNumbers.get(row.constituency)!;

describe("constituencies", () => {
  it("are 543, with every state's true number", () => {
    const counts = countsOf(
      constituencies.map(({ state }) => state),
      states.length,
    );
    const byCode = Object.fromEntries(states.map(({ code }, index) => [code, counts[index]]));
    expect(byCode).toEqual({
      ...{ UP: 80, MH: 48, WB: 42, BR: 40, TN: 39, MP: 29, KA: 28, GJ: 26, AP: 25, RJ: 25 },
      ...{ OD: 21, KL: 20, TS: 17, AS: 14, JH: 14, PB: 13, CG: 11, HR: 10, DL: 7, JK: 6, UK: 5 },
      ...{ HP: 4, AR: 2, GA: 2, MN: 2, ML: 2, TR: 2, MZ: 1, NL: 1, SK: 1, AN: 1, CH: 1, DN: 1 },
      ...{ DD: 1, LD: 1, PY: 1 },
    });
    expect(constituencies.length).toBe(543);
    expect(seatNumbers.size).toBe(543);
  });

  it("have the reserved seats of the order of 2008: 84 and 47", () => {
    const reserved = constituencies.map((seat) => seat.reservation);
    expect(reserved.filter((kind) => kind === "SC").length).toBe(84);
    expect(reserved.filter((kind) => kind === "ST").length).toBe(47);
  });
});

describe("uploads", () => {
  it("come once from every station of every seat, after its postal ballots", () => {
    const seen = new Set(rows.map((row) => `${row.constituency} ${row.station}`));
    expect(seen.size).toBe(spec.rows);
    const { stations } = new Schedule(spec.rows, spec.seed);
    const counts = countsOf(machines.map(seatOf), constituencies.length);
    expect([...counts]).toEqual(stations);
    expect(
      rows
        .filter((row) => row.kind === "postal")
        .map(seatOf)
        .sort(byNumber),
    ).toEqual([...constituencies.keys()]);
  });

  it("come once from every station however few or many there are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_000 }), fc.nat(), (count, seed) => {
        const schedule = new Schedule(count, seed);
        const slot = { round: 0, constituency: 0, station: 0, machine: 0 };
        const seen = new Set<string>();
        let round = 0;
        for (let row = 0; row < count; row++) {
          schedule.fill(row, slot);
          if (slot.round < round || constituencies[slot.constituency] === undefined) return false;
          round = slot.round;
          seen.add(`${slot.constituency} ${slot.station}`);
        }
        return seen.size === count;
      }),
      { numRuns: 40 },
    );
  });

  it("share the machines out by the seats' electors", () => {
    const total = constituencies.reduce((sum, { weight }) => sum + weight, 0);
    const counts = countsOf(machines.map(seatOf), constituencies.length);
    constituencies.forEach(({ weight }, index) => {
      const due = (weight / total) * machines.length;
      expect(Math.abs(counts[index]! - due)).toBeLessThanOrEqual(1);
    });
  });

  it("go by rounds and by time, each round of all seats", () => {
    const isOrdered = rows.every((row, i) => {
      const before = rows[i - 1] ?? row;
      return row.time >= before.time && row.round >= before.round;
    });
    expect(isOrdered).toBe(true);
    for (let round = 1; round <= 20; round++) {
      const seats = new Set(machines.filter((row) => row.round === round).map(seatOf));
      expect(seats.size).toBeGreaterThan(500);
    }
  });

  it("add up: candidates and NOTA are the total, which is Form 17C's", () => {
    const wrong = rows.filter((row) => {
      const votes = row.votes.split(";").map(Number);
      const { candidates } = ballots[seatOf(row)]!;
      const sum = votes.reduce((a, b) => a + b, row.nota);
      return votes.length !== candidates.length || sum !== row.total || sum !== row.form_17c;
    });
    expect(wrong).toEqual([]);
  });

  it("carry the CRC-32 of what they say", () => {
    const [columns] = votesColumns({ rows: 3_000, seed: 2, faults: 0.8 });
    const counted = Buffer.from(columns!.counted).toString();
    [...votesRows({ rows: 3_000, seed: 2, faults: 0.8 })].forEach((row, at) => {
      const text = counted.slice(columns!.countedFrom[at], columns!.countedFrom[at + 1]);
      const { machine, form_17c, total, nota, votes } = row;
      if (text !== [machine, form_17c, total, nota, votes].join(",")) expect.fail(text);
    });
    expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
    expect(rows.filter((row) => uploadChecksum(row) !== row.checksum)).toEqual([]);
    const { machine, form_17c, total, nota, votes, checksum } = rows[20_000]!;
    const text = `${machine},${form_17c},${total},${nota},${votes}`;
    expect(zlibCrc32(text).toString(16).padStart(8, "0")).toBe(checksum);
  });

  it("are of stations with normally many electors: chi-square by twenties", () => {
    const electors = [...votesColumns(spec)].flatMap((columns) =>
      [...columns.electors].filter((_, at) => columns.round[at]! > 0),
    );
    const below = (count: number): number =>
      count <= 200 ? 0 : count > 1_500 ? 1 : normal((count - 0.5 - 870) / 180);
    const weights = Array.from(
      { length: 66 },
      (_, bin) => below(220 + bin * 20) - below(200 + bin * 20),
    );
    const bins = electors.map((count) => Math.floor((count - 200) / 20));
    expectFit(chiSquare(countsOf(bins, 66), weights));
  });

  it("have the turnout of their seat, spread by 6 points: Kolmogorov-Smirnov", () => {
    const deviations = machines.map((row) => {
      const turnout = row.form_17c / row.electors;
      return (turnout - ballots[seatOf(row)]!.turnout) / 0.06;
    });
    expectFit(kolmogorovSmirnov(deviations, normal));
  });

  it("have seats whose turnout is their state's, spread by 4 points: Kolmogorov-Smirnov", () => {
    const deviations = ballots.map(({ turnout, constituency }) => {
      const mean = states[constituencies[constituency]!.state]!.turnout;
      return (turnout - mean) / 0.04;
    });
    expectFit(kolmogorovSmirnov(deviations, normal));
  });

  it("have ballots of log-normal length: chi-square", () => {
    const lengths = ballots.map(({ candidates }) => candidates.length);
    const upTo = (count: number): number => normal(Math.log((count + 0.5) / 12) / 0.35);
    const weights = Array.from({ length: 25 }, (_, count) => {
      if (count < 4) return 0;
      const below = count === 4 ? 0 : upTo(count - 1);
      return (count === 24 ? 1 : upTo(count)) - below;
    });
    expectFit(chiSquare(countsOf(lengths, 25), weights));
  });

  it("give each candidate the share of the seat, station by station around it", () => {
    const seat = 300;
    const { shares } = ballots[seat]!;
    const counted = machines.filter((row) => seatOf(row) === seat);
    const total = counted.reduce((sum, row) => sum + row.total, 0);
    shares.slice(0, -1).forEach((share, at) => {
      const votes = counted.reduce((sum, row) => sum + Number(row.votes.split(";")[at]), 0);
      expect(Math.abs(votes / total - share)).toBeLessThan(0.03);
    });
    const nota = machines.reduce((sum, row) => sum + row.nota, 0);
    const all = machines.reduce((sum, row) => sum + row.total, 0);
    expect(nota / all).toBeGreaterThan(0.009);
    expect(nota / all).toBeLessThan(0.015);
  });
});

describe("registers and arrivals", () => {
  it("balance: issued is rejected and Form 17C, and nobody votes who is no elector", () => {
    const wrong = rows.filter((row) => row.issued !== row.rejected + row.form_17c);
    expect(wrong).toEqual([]);
    expect(machines.filter((row) => row.issued > row.electors)).toEqual([]);
    const postal = rows.filter((row) => row.kind === "postal");
    const share = sumOf(postal, "rejected") / sumOf(postal, "issued");
    expect(share).toBeGreaterThan(0.07);
    expect(share).toBeLessThan(0.09);
    const declined = sumOf(machines, "rejected") / machines.length; // 1 / (exp(1 / 0.6) - 1)
    expect(declined).toBeGreaterThan(0.21);
    expect(declined).toBeLessThan(0.255);
  });

  it("come after the count, most within minutes, some hours late and out of order", () => {
    const late = rows.map((row) => Date.parse(row.received) - Date.parse(row.time));
    expect(Math.min(...late)).toBeGreaterThan(0);
    const quick = late.filter((ms) => ms < 10 * 60_000).length / rows.length;
    expect(quick).toBeGreaterThan(0.94);
    expect(quick).toBeLessThan(0.98);
    const long = late.filter((ms) => ms > 40 * 60_000).length / rows.length;
    expect(long).toBeGreaterThan(0.01);
    const overtaken = rows.filter((row, i) => i > 0 && row.received < rows[i - 1]!.received);
    expect(overtaken.length).toBeGreaterThan(rows.length / 5);
  });

  it("wait for the same outage: a centre's machines of a round are all late or none", () => {
    const waits = new Map<string, boolean[]>();
    for (const row of machines) {
      const key = `${row.centre} ${row.round}`;
      const isLate = Date.parse(row.received) - Date.parse(row.time) > 25 * 60_000;
      waits.set(key, [...(waits.get(key) ?? []), isLate]);
    }
    const groups = [...waits.values()].filter((late) => late.includes(true));
    expect(groups.length).toBeGreaterThan(100);
    expect(groups.filter((late) => late.includes(false)).length).toBeLessThan(groups.length / 5);
  });
});

describe("planted faults", () => {
  const faulty = { ...spec, faults: 0.03 };
  const arrived = [...votesRows(faulty)];
  const truth = [...votesTruth(faulty)];
  const rowsOf = (fault: string): number[] =>
    truth.filter((planted) => planted.fault === fault).map((planted) => planted.row);

  it("tampering is what the checksum finds, and nothing else", () => {
    const mismatching = arrived.flatMap((row, i) =>
      uploadChecksum(row) === row.checksum ? [] : [i],
    );
    const copies = new Map(truth.flatMap(({ row, of }) => (of === undefined ? [] : [[row, of]])));
    const told = new Set(rowsOf("tampered"));
    const origin = (row: number): number => (copies.has(row) ? origin(copies.get(row)!) : row);
    expect(mismatching.length).toBeGreaterThan(300);
    expect(mismatching.filter((row) => !told.has(origin(row)))).toEqual([]);
    expect([...told].filter((row) => !mismatching.includes(row))).toEqual([]);
  });

  it("uploads sent twice keep their number; for each a station is missing", () => {
    const seen = new Map<string, number>();
    const repeated = arrived.flatMap(({ upload }, row) => {
      const isKnown = seen.has(upload);
      seen.set(upload, row);
      return isKnown ? [row] : [];
    });
    expect(repeated).toEqual(rowsOf("duplicated-upload"));
    const heard = new Set(arrived.map((row) => `${row.constituency} ${row.station}`));
    const missing = rows.flatMap((row, i) =>
      heard.has(`${row.constituency} ${row.station}`) ? [] : [i],
    );
    expect(missing.length).toBeGreaterThan(300);
    expect(missing).toEqual(rowsOf("missing-station"));
  });

  it("a lying centre's totals exceed Form 17C, with checksums that fit", () => {
    const liars = new Set(truth.flatMap(({ centre }) => centre ?? []));
    expect(liars.size).toBeGreaterThan(5);
    const inflated = arrived.filter((row) => row.total > row.form_17c);
    expect(inflated.every((row) => liars.has(row.centre))).toBe(true);
    const ofLiars = arrived.filter((row) => liars.has(row.centre));
    expect(ofLiars.every((row) => row.total > row.form_17c)).toBe(true);
    expect(inflated.every((row) => uploadChecksum(row) === row.checksum)).toBe(true);
  });

  it("even when an upload that came again comes once more", () => {
    const often = [...votesRows({ rows: 5_000, seed: 2, faults: 0.8 })];
    const whole = often.filter((row) => row.votes !== "" && /^[0-9a-f]{8}$/.test(row.checksum));
    expect(whole.length).toBe(5_000);
    const twice = often.filter((row, i) => often.findIndex((o) => o.upload === row.upload) < i);
    for (const row of twice) {
      const first = often.find((other) => other.upload === row.upload)!;
      const times = { time: "", received: "" };
      expect({ ...row, ...times }).toEqual({ ...first, ...times });
    }
    expect(twice.length).toBeGreaterThan(1_000);
  });

  it("lost votes are missing in total against Form 17C, with checksums that fit", () => {
    const short = arrived.flatMap((row, i) => (row.total < row.form_17c ? [i] : []));
    const told = new Set(rowsOf("lost-votes"));
    expect(told.size).toBeGreaterThan(150);
    expect(
      short.filter((row) => !told.has(row) && !rowsOf("duplicated-upload").includes(row)),
    ).toEqual([]);
    for (const { row, fault, votes } of truth) {
      const { form_17c, total } = arrived[row]!;
      if (fault === "lost-votes") expect(form_17c - total).toBe(votes);
    }
    expect(short.every((row) => uploadChecksum(arrived[row]!) === arrived[row]!.checksum)).toBe(
      true,
    );
  });

  it("at the stated rate", () => {
    const faulted = new Set(truth.map((planted) => planted.row)).size;
    expect(faulted / spec.rows).toBeGreaterThan(0.027);
    expect(faulted / spec.rows).toBeLessThan(0.033);
  });
});

function sumOf(some: readonly VotesRow[], column: "issued" | "rejected"): number {
  return some.reduce((sum, row) => sum + row[column], 0);
}

function byNumber(a: number, b: number): number {
  return a - b;
}

function expectFit({ statistic, limit }: Fit): void {
  expect(statistic).toBeLessThan(limit);
}

function normal(x: number): number {
  return (1 + errorFunction(x / Math.SQRT2)) / 2;
}
