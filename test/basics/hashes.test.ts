/** The exact vectors that the algorithms' authors publish. */
import { describe, expect, it } from "vitest";
import { clusterSlot, crc16, md5, murmur128, murmur32, Uint64 } from "dabbawala/basics";

const fox = "The quick brown fox jumps over the lazy dog";

/** SMHasher's: the hash of the hashes of [], [0], [0, 1]... under seeds 256, 255, 254... */
function verification(hash: (bytes: Uint8Array, seed: number) => Uint8Array): number {
  const hashes = Array.from({ length: 256 }, (_, length) =>
    hash(
      Uint8Array.from({ length }, (_, i) => i),
      256 - length,
    ),
  );
  const all = Uint8Array.from(hashes.flatMap((each) => [...each]));
  return Buffer.from(hash(all, 0)).readUInt32LE(0);
}

function littleEndian32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

describe("murmur32", () => {
  it("passes SMHasher's verification", () => {
    expect(verification((bytes, seed) => littleEndian32(murmur32(bytes, seed)))).toBe(0xb0f57ee3);
  });

  it("has the known hashes of texts", () => {
    expect(murmur32("", 1)).toBe(0x514e28b7);
    expect(murmur32(fox, 0x9747b28c)).toBe(0x2fa826cd);
  });

  it("hashes a text as its bytes, whatever script it is in", () => {
    for (const text of ["", "a", "ab", "abc", "abcd", "दादर", "ठाणे🚆x"]) {
      expect(murmur32(text, 7)).toBe(murmur32(Buffer.from(text), 7));
    }
  });
});

describe("murmur128", () => {
  it("passes SMHasher's verification", () => {
    const hash = (bytes: Uint8Array, seed: number): Uint8Array => {
      const digits = murmur128(bytes, seed);
      const words = [digits.slice(0, 16), digits.slice(16)];
      return Buffer.concat(words.map((word) => Buffer.from(word, "hex").reverse()));
    };
    expect(verification(hash)).toBe(0x6384ba69);
  });

  it("has the known hash of a text", () => {
    expect(murmur128(fox)).toBe("e34bbc7bbc071b6c7a433ca9c49a9347");
  });
});

describe("Uint64", () => {
  it("computes as BigInt does, modulo 2^64", () => {
    const of = ({ high, low }: Uint64): bigint => (BigInt(high) << 32n) | BigInt(low);
    const mask = (1n << 64n) - 1n;
    let seed = 1n;
    const next = (): number => Number((seed = (seed * 6364136223846793005n + 1n) & mask) >> 32n);
    for (let i = 0; i < 500; i++) {
      const [a, b, c, d] = [next(), next(), next(), next()];
      const [left, right] = [of(new Uint64(a, b)), of(new Uint64(c, d))];
      expect(of(new Uint64(a, b).multiply(c, d))).toBe((left * right) & mask);
      expect(of(new Uint64(a, b).add(c, d))).toBe((left + right) & mask);
      expect(of(new Uint64(a, b).xor(c, d))).toBe(left ^ right);
      const bits = 1 + (i % 63);
      const rotated = ((left << BigInt(bits)) | (left >> BigInt(64 - bits))) & mask;
      expect(of(new Uint64(a, b).rotate(bits))).toBe(rotated);
    }
  });
});

it("crc16 and the slots of Redis Cluster", () => {
  expect(crc16("123456789")).toBe(0x31c3);
  expect(clusterSlot("foo")).toBe(12182);
  expect(clusterSlot("user1000")).toBe(3443);
  expect(clusterSlot("{user1000}.following")).toBe(3443);
  expect(clusterSlot("{}.following")).toBe(crc16("{}.following") % 16_384);
});

it("md5 of RFC 1321", () => {
  expect(Buffer.from(md5("abc")).toString("hex")).toBe("900150983cd24fb0d6963f7d28e17f72");
});
