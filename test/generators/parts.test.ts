import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "dabbawala/basics";
import { AliasTable, Permutation } from "dabbawala/generators";
import { dateOfDay, dayOf, formatClock, formatDate } from "dabbawala/dist/generators/calendar";
import { DailyCurve } from "dabbawala/dist/generators/daily-curve";
import { AsciiTexts, fields } from "dabbawala/dist/generators/ascii-texts";
import { crc32, crc32Of } from "dabbawala/dist/generators/checksum";
import { RowWriter, Separator } from "dabbawala/dist/generators/row-writer";
import { chiSquare, countsOf } from "./distributions";

describe("permutation", () => {
  it("is a bijection for every size and seed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), fc.maxSafeNat(), (size, seed) => {
        const order = new Permutation(size, seed);
        const seen = new Set(Array.from({ length: size }, (_, index) => order.at(index)));
        return seen.size === size && [...seen].every((value) => value >= 0 && value < size);
      }),
      { numRuns: 60 },
    );
  });

  it("spreads neighbours evenly, and differs from seed to seed", () => {
    const order = new Permutation(20_000_000_000, 1);
    const other = new Permutation(20_000_000_000, 2);
    const places = Array.from({ length: 50_000 }, (_, index) => order.at(index));
    const bins = countsOf(
      places.map((place) => Math.floor(place / 200_000_000)),
      100,
    );
    const fit = chiSquare(bins, new Array<number>(100).fill(1));
    expect(fit.statistic).toBeLessThan(fit.limit);
    expect(places.filter((place, index) => other.at(index) === place).length).toBeLessThan(3);
  });
});

describe("alias table", () => {
  it("draws by the weights, whatever they are: exact over a fine grid", () => {
    const weight = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 40 }), (weights) => {
        const total = weights.reduce((sum, value) => sum + value, 0);
        if (total === 0) return;
        const table = new AliasTable(weights);
        const steps = 20_000;
        const draws = Array.from({ length: steps }, (_, i) => table.at((i + 0.5) / steps));
        countsOf(draws, weights.length).forEach((count, index) => {
          const share = weights[index]! / total;
          expect(Math.abs(count / steps - share)).toBeLessThan(0.01);
          if (share === 0) expect(count).toBeLessThanOrEqual(0);
        });
      }),
      { numRuns: 30 },
    );
  });

  it("draws at random by the weights: chi-square", () => {
    const weights = [1, 2, 3, 4, 0, 50, 7];
    const table = new AliasTable(weights);
    const random = new Random(4);
    const draws = Array.from({ length: 50_000 }, () => table.draw(random));
    const fit = chiSquare(countsOf(draws, 7), weights);
    expect(fit.statistic).toBeLessThan(fit.limit);
  });
});

describe("calendar", () => {
  it("agrees with Date on every day from 1800 to 2100", () => {
    for (let day = dayOf(1800, 1, 1); day < dayOf(2100, 1, 1); day++) {
      const iso = new Date(day * 86_400_000).toISOString().slice(0, 10);
      if (formatDate(dateOfDay(day)) !== iso) expect.fail(`${day} is ${iso}`);
    }
  });

  it("writes times of the day", () => {
    expect(formatClock(0)).toBe("00:00:00.000");
    expect(formatClock(36_003_123)).toBe("10:00:03.123");
    expect(formatClock(86_399_999)).toBe("23:59:59.999");
  });
});

describe("row writer", () => {
  it("writes numbers, digits, dates and times as their texts", () => {
    const number = fc.integer({ min: 0, max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(number, fc.integer({ min: 0, max: 86_399_999 }), (value, ms) => {
        const writer = new RowWriter(100);
        writer.number(value);
        writer.byte(44);
        writer.digits(value, 12);
        writer.byte(44);
        writer.clock(ms);
        writer.byte(44);
        writer.date(20_130_230);
        const text = Buffer.from(writer.written()).toString();
        const wanted = [value, String(value).padStart(12, "0"), formatClock(ms), "2013-02-30"];
        expect(text).toBe(wanted.join(","));
      }),
    );
  });
});

describe("row writer, many bytes a store", () => {
  const text = (writer: RowWriter): string => Buffer.from(writer.written()).toString();

  it("copies texts of any length, the last at the end of the room", () => {
    const ascii = fc.string({ maxLength: 64 });
    fc.assert(
      fc.property(fc.array(ascii, { minLength: 1, maxLength: 9 }), (names) => {
        const texts = new AsciiTexts(names);
        const writer = new RowWriter(names.join("").length);
        names.forEach((_, index) => writer.copy(texts, index));
        expect(text(writer)).toBe(names.join(""));
      }),
    );
  });

  it("refuses texts that it would spoil", () => {
    expect(() => new AsciiTexts(["Ladakh", "लद्दाख"])).toThrow("ASCII");
    expect(() => new AsciiTexts(["x".repeat(65)])).toThrow("short");
  });

  it("has the empty field behind all fields", () => {
    const writer = new RowWriter(20);
    const texts = fields(["upi", "netbanking"], 9);
    for (const index of [1, 8, 0]) writer.copy(texts, index);
    expect(text(writer)).toBe("netbanking,,upi,");
  });

  it("writes numbers with a separator, one by one and in a row", () => {
    const number = fc.oneof(fc.nat(1_100), fc.integer({ min: 0, max: 2 ** 31 - 1 }));
    fc.assert(
      fc.property(fc.array(number), (values) => {
        const [one, all] = [new RowWriter(1_000), new RowWriter(1_000)];
        const thenSemicolon = new Separator(59);
        values.forEach((value) => one.numberAnd(thenSemicolon, value));
        all.numbersAnd(thenSemicolon, Uint32Array.from([7, ...values, 7]), 1, values.length + 1);
        const wanted = values.map((value) => `${value};`).join("");
        expect([text(one), text(all)]).toEqual([wanted, wanted]);
      }),
    );
  });

  it("copies ranges and writes hexadecimal digits", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.nat(2 ** 32 - 1), (source, value) => {
        const bytes = Buffer.from(source);
        const writer = new RowWriter(bytes.length + 16);
        writer.copyRange(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length);
        writer.eightHexDigits(value);
        const whole = Uint8Array.from([value >>> 24, value >>> 16, value >>> 8, value]);
        writer.hex(whole, 0, 4);
        expect(text(writer)).toBe(source + value.toString(16).padStart(8, "0").repeat(2));
      }),
    );
  });

  it("is clean when it is borrowed again, and gives a copy of its own back", () => {
    const first = RowWriter.borrow(100);
    first.text("first");
    const given = first.giveBack();
    const second = RowWriter.borrow(100);
    second.text("2nd");
    expect(Buffer.from(second.giveBack()).toString()).toBe("2nd");
    expect(Buffer.from(given).toString()).toBe("first");
  });
});

describe("checksum", () => {
  it("is zlib's CRC-32, of a whole and of a part", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(20), (bytes, from) => {
        expect(crc32(bytes)).toBe(zlibCrc32(bytes));
        const start = Math.min(from, bytes.length);
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        expect(crc32Of(view, start, bytes.length)).toBe(zlibCrc32(bytes.subarray(start)));
      }),
    );
  });
});

describe("daily curve", () => {
  it("comes to each minute when the minutes before have had their share", () => {
    const curve = new DailyCurve((minute) => (minute < 720 ? 1 : 3));
    expect(curve.timeAtShare(0)).toBe(0);
    expect(curve.timeAtShare(0.25)).toBeCloseTo(720 * 60_000, 3);
    expect(curve.timeAtShare(0.5)).toBeCloseTo(960 * 60_000, 3);
    expect(curve.timeAtShare(1)).toBeLessThan(86_400_000);
    expect(curve.byMinute.reduce((sum, load) => sum + load, 0)).toBeCloseTo(1_440, 6);
  });
});
