import fc from "fast-check";
import { Random } from "dabbawala/basics";
import { IrisPictures, aadhaarColumns, irisTruth } from "dabbawala/generators";
import {
  IrisGallery,
  compareAll,
  decisionThreshold,
  expectedFalsePairs,
  falseMatchProbability,
  galleryFalseMatch,
  makeIrisGallery,
  normalisedDistance,
} from "dabbawala/scenarios/aadhaar";
import { decisionLimits } from "dabbawala/dist/scenarios/aadhaar/iris/decision";
import { commonOf, differingOf, makeMatcher } from "dabbawala/dist/scenarios/aadhaar/iris/matcher";
import { describe, expect, it } from "vitest";

const columns = 256;

/** Bit by bit, straight from the definition: the probe turned, both masks seen. */
function bitByBit(probe: Uint8Array, turn: number, other: Uint8Array): [number, number] {
  let [differing, common] = [0, 0];
  for (let column = 0; column < columns; column++) {
    const from = (column + turn + columns) % columns;
    for (let ring = 0; ring < 8; ring++) {
      const bitOf = (bytes: Uint8Array, at: number): number => (bytes[at] >> ring) & 1;
      if (bitOf(probe, columns + from) === 0 || bitOf(other, columns + column) === 0) continue;
      common++;
      if (bitOf(probe, from) !== bitOf(other, column)) differing++;
    }
  }
  return [differing, common];
}

function randomGallery(count: number, seed: number): IrisGallery {
  const random = new Random(seed);
  const gallery = IrisGallery.empty(count);
  for (let row = 0; row < count; row++) {
    gallery.picture(row).forEach((_, i, bytes) => (bytes[i] = random.below(256)));
  }
  return gallery;
}

describe.each(["simd", "plain"] as const)("the matcher, %s", (kind) => {
  it("counts as bit by bit, for any pictures and turns", () => {
    const sizes = fc.tuple(fc.integer(), fc.integer({ min: -255, max: 255 }), fc.nat(4));
    fc.assert(
      fc.property(sizes, ([seed, turn, row]) => {
        const gallery = randomGallery(5, seed);
        const matcher = makeMatcher(gallery, { kind });
        matcher.probe(row);
        matcher.turn(turn);
        const counts = [...matcher.compare(1, 4)].map((both) => [
          differingOf(both),
          commonOf(both),
        ]);
        const expected = [1, 2, 3, 4].map((other) =>
          bitByBit(gallery.picture(row), turn, gallery.picture(other)),
        );
        expect(counts).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it("counts up to all 2,048 bits", () => {
    const gallery = IrisGallery.empty(2);
    gallery.picture(0).fill(0xff);
    gallery.picture(1).fill(0x00, 0, columns).fill(0xff, columns);
    const matcher = makeMatcher(gallery, { kind });
    matcher.probe(0);
    const [same, opposite] = matcher.compare(0, 2);
    expect([differingOf(same), commonOf(same)]).toEqual([0, 2_048]);
    expect([differingOf(opposite), commonOf(opposite)]).toEqual([2_048, 2_048]);
  });
});

describe("made galleries", () => {
  const spec = { rows: 1_500, seed: 3, duplicates: 0.1 };

  it("are the same for any number of threads", async () => {
    const one = await makeIrisGallery(spec, { workers: 1 });
    const two = await makeIrisGallery(spec, { workers: 2 });
    expect(Buffer.from(two.words)).toEqual(Buffer.from(one.words));
    expect(two.persons).toEqual(one.persons);
  });

  it("plant each second picture as its truth says: turned back, it differs by the noise", () => {
    const pictures = new IrisPictures(spec);
    const [first, second] = [new Uint8Array(512), new Uint8Array(512)];
    for (const { row, of, rotation, noise } of [...irisTruth(spec)].slice(0, 60)) {
      pictures.fill(of, first);
      pictures.fill(row, second);
      const [differing, common] = bitByBit(second, rotation, first);
      const spread = Math.sqrt((noise * (1 - noise)) / common);
      expect(Math.abs(differing / common - noise)).toBeLessThan(4.5 * spread + 0.002);
    }
  });

  it("show about four fifths of the bits", async () => {
    const gallery = await makeIrisGallery({ rows: 400, seed: 1 });
    let seen = 0;
    for (let row = 0; row < 400; row++) {
      for (const byte of gallery.picture(row).subarray(columns)) seen += bitCount(byte);
    }
    expect(seen / (400 * 2_048)).toBeGreaterThan(0.75);
    expect(seen / (400 * 2_048)).toBeLessThan(0.87);
  });
});

const bitCount = (byte: number): number => byte.toString(2).replace(/0/g, "").length;

describe("the decision", () => {
  it("is that of Daugman's table of false matches (2004, table 1) within a factor of 1.5", () => {
    const published = {
      0.3: 1.5e9,
      0.31: 1.85e8,
      0.32: 2.6e7,
      0.33: 4e6,
      0.34: 6.9e5,
      0.35: 1.33e5,
    };
    for (const [threshold, oneIn] of Object.entries(published)) {
      const ratio = falseMatchProbability(Number(threshold)) * oneIn;
      expect(ratio).toBeGreaterThan(1 / 1.5);
      expect(ratio).toBeLessThan(1.5);
    }
  });

  it("is half at the middle, and less for fewer turns", () => {
    expect(falseMatchProbability(0.5, { rotations: 1 })).toBeCloseTo(0.5, 1);
    const [one, seven] = [1, 7].map((rotations) => falseMatchProbability(0.33, { rotations }));
    expect(seven / one).toBeCloseTo(7, 3);
  });

  it("chooses the greatest threshold that keeps the expected false pairs", () => {
    for (const rows of [1_000, 1_000_000, 1_300_000_000]) {
      const threshold = decisionThreshold(rows);
      const expected = expectedFalsePairs(falseMatchProbability(threshold), rows);
      expect(expected).toBeCloseTo(0.01, 6);
    }
  });

  it("grows with the gallery", () => {
    expect(galleryFalseMatch(1e-9, 1_000)).toBeCloseTo(1e-6, 12);
    expect(galleryFalseMatch(0.01, 1e6)).toBeCloseTo(1, 12);
  });

  it("decides by whole numbers as by the normalised distance", () => {
    const limits = decisionLimits(0.3);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_048 }), fc.nat(2_048), (common, any) => {
        const differing = any % (common + 1);
        const distance = normalisedDistance(differing, common);
        fc.pre(Math.abs(distance - 0.3) > 1e-6);
        expect(differing <= limits[common]).toBe(distance <= 0.3);
      }),
    );
  });
});

describe("all pairs", () => {
  it("finds the planted pairs and no others; the kinds of matcher agree", async () => {
    const gallery = await makeIrisGallery({ rows: 700, seed: 2, duplicates: 0.1 });
    const simd = await compareAll(gallery);
    const plain = await compareAll(gallery, { kind: "plain", workers: 1 });
    expect(plain.matches).toEqual(simd.matches);
    expect(plain.impostor.pairs).toEqual(simd.impostor.pairs);
    const { persons } = gallery;
    expect(simd.matches.every(({ row, of }) => persons[row] === persons[of])).toBe(true);
    expect(simd.matches.length).toBeGreaterThan(0.85 * gallery.truePairs());
    expect(simd.comparisons).toBe(((700 * 699) / 2) * 7);
  });

  it("spreads impostors of whole codes as 249 coin tosses do", async () => {
    const bare = new Uint8Array(400 * columns);
    for (const { iris } of aadhaarColumns({ rows: 400, seed: 5 })) bare.set(iris);
    const { impostorUnturned } = await compareAll(IrisGallery.fromCodes(bare), { maxRotation: 0 });
    const { mean, deviation, pairs } = moments(impostorUnturned);
    expect(pairs).toBe((400 * 399) / 2);
    // 400 independent codes: three standard errors of the mean and of the deviation.
    const expected = 0.5 / Math.sqrt(249);
    expect(Math.abs(mean - 0.5)).toBeLessThan(3 * expected * Math.sqrt(2 / 400));
    expect(Math.abs(deviation / expected - 1)).toBeLessThan(3 / Math.sqrt(2 * 400) + 0.02);
  });

  it("stops when it is told to, and refuses a list that is too small", async () => {
    const gallery = await makeIrisGallery({ rows: 300, seed: 2, duplicates: 0.3 });
    await expect(compareAll(gallery, { signal: AbortSignal.abort() })).rejects.toThrow("abort");
    await expect(compareAll(gallery, { maxMatches: 3 })).rejects.toThrow(/more than maxMatches, 3/);
  });
});

function moments(histogram: { distance: readonly number[]; pairs: Float64Array }): {
  mean: number;
  deviation: number;
  pairs: number;
} {
  let [pairs, sum, squares] = [0, 0, 0];
  histogram.pairs.forEach((count, bin) => {
    pairs += count;
    sum += count * histogram.distance[bin];
    squares += count * histogram.distance[bin] ** 2;
  });
  const mean = sum / pairs;
  return { mean, deviation: Math.sqrt(squares / pairs - mean * mean), pairs };
}
