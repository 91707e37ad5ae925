import fc from "fast-check";
import { Random } from "dabbawala/basics";
import { IrisGallery, makeIrisGallery } from "dabbawala/scenarios/aadhaar";
import {
  hidden,
  keyBatch,
  makeKeyReader,
  marksFor,
  noTurn,
  turnsBetween,
} from "dabbawala/dist/scenarios/aadhaar/iris/band-keys";
import { BandTable } from "dabbawala/dist/scenarios/aadhaar/iris/band-table";
import { bandPlaces, sharesBothShow } from "dabbawala/dist/scenarios/aadhaar/iris/bands";
import { makeGlance } from "dabbawala/dist/scenarios/aadhaar/iris/glance";
import { describe, expect, it } from "vitest";

describe("the rulers", () => {
  it("measure every turn up to the greatest, each once", () => {
    for (let most = 0; most <= 7; most++) {
      const turns = [...turnsBetween(most)].filter((turn) => turn !== noTurn).map(Number);
      const all = Array.from({ length: 2 * most + 1 }, (_, i) => i - most);
      expect(turns.sort((a, b) => a - b)).toEqual(all);
    }
  });
});

describe("the keys of a band", () => {
  it("are the same read 8 turns at once and bit by bit, up to the last picture", async () => {
    const gallery = await makeIrisGallery({ rows: 128, seed: 2 });
    const masks = Array.from({ length: 128 }, (_, row) => gallery.picture(row).slice(256));
    const cases = fc.tuple(
      fc.integer({ min: 4, max: 30 }),
      fc.nat(7),
      fc.integer({ min: 1, max: 1e6 }),
    );
    fc.assert(
      fc.property(cases, ([bits, maxRotation, seed]) => {
        const reach = Math.max(...marksFor(maxRotation));
        const places = bandPlaces({ bits, bands: 1 }, { masks, reach, seed });
        const [simd, plain] = (["simd", "plain"] as const).map((kind) => {
          const reader = makeKeyReader(gallery, { bits, maxRotation, kind, worker: 0 });
          reader.take(places);
          return [...reader.keys(0, 128)];
        });
        expect(simd).toEqual(plain);
      }),
      { numRuns: 60 },
    );
    expect(keyBatch * marksFor(7).length).toBeLessThanOrEqual(4_096);
  });
});

describe("the table of a band", () => {
  it("lets those with equal keys meet, each two once, the later one first", () => {
    const key = fc.oneof(fc.constant(hidden), fc.nat(5), fc.integer({ min: 0, max: 2 ** 30 - 1 }));
    const repeated = fc.array(key, { maxLength: 40 }).map((keys) => [...keys, ...keys]);
    fc.assert(
      fc.property(repeated, (keys) => {
        const met: string[] = [];
        const table = new BandTable(Int32Array.from(keys), 30);
        table.meet((entry, earlier) => met.push(`${entry} ${earlier}`));
        const expected = keys.flatMap((one, entry) =>
          keys
            .slice(0, entry)
            .flatMap((other, at) => (one === other && one !== hidden ? [`${entry} ${at}`] : [])),
        );
        expect(met.sort()).toEqual(expected.sort());
      }),
    );
  });

  it("can be filled again", () => {
    const table = new BandTable(Int32Array.from([3, 3, 1]), 4);
    const pairs = (): string[] => {
      const met: string[] = [];
      table.meet((entry, earlier) => met.push(`${entry} ${earlier}`));
      return met;
    };
    expect(pairs()).toEqual(["1 0"]);
    table.keys.set([2, 1, 1]);
    expect(pairs()).toEqual(["2 1"]);
  });
});

/** Pairs of random pictures, of which the second is the first one turned, with noise in it. */
function turnedPairs(pairs: number, noise: number): { gallery: IrisGallery; turns: number[] } {
  const random = new Random(7);
  const gallery = IrisGallery.empty(2 * pairs);
  const turns = Array.from({ length: pairs }, (_, pair) => {
    const [first, second] = [gallery.picture(2 * pair), gallery.picture(2 * pair + 1)];
    first.forEach((_, i) => (first[i] = i < 256 ? random.below(256) : 0xff));
    const turn = random.below(15) - 7;
    first.forEach((byte, i) => (second[(i & 256) | ((i + turn) & 255)] = byte));
    for (let bit = 0; bit < 2_048; bit++) {
      if (random.chance(noise)) second[bit >> 3] ^= 1 << (bit & 7);
    }
    return turn;
  });
  gallery.prepareGlances(0, gallery.count);
  return { gallery, turns };
}

describe("the first look", () => {
  it("lets all pass that are within the threshold, and few strangers", () => {
    const pairs = 600;
    const { gallery, turns } = turnedPairs(pairs, 0.25);
    const passed: [number, number, number][] = [];
    const compare = (...pair: [number, number, number]): void => void passed.push(pair);
    const glance = makeGlance(gallery, { kind: "simd", worker: 0, threshold: 0.27, compare });
    turns.forEach((turn, pair) => glance.add(2 * pair + 1, turn, 2 * pair));
    glance.flush();
    expect(passed).toEqual(turns.map((turn, pair) => [2 * pair + 1, turn, 2 * pair]));
    passed.length = 0;
    for (let i = 0; i < 5_000; i++) {
      const row = 2 + (i % (2 * pairs - 2));
      glance.add(row, (i % 15) - 7, (row >> 1) * 2 - 2);
    }
    glance.flush();
    expect(passed.length).toBeLessThan(50);
  });
});

describe("the choice of bands", () => {
  it("prefers what most pictures show, and knows how many pairs show it", async () => {
    const gallery = await makeIrisGallery({ rows: 600, seed: 3 });
    const masks = Array.from({ length: 600 }, (_, row) => gallery.picture(row).slice(256));
    const places = bandPlaces({ bits: 20, bands: 40 }, { masks, reach: 3 });
    const shares = sharesBothShow(masks, places, 20);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(shares).toHaveLength(300);
    expect(mean).toBeGreaterThan(0.45); // of sectors drawn blindly, pairs show one in five
    expect(Math.max(...places)).toBeLessThan(8 * 253);
  });
});
