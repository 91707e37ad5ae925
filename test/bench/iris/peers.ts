/** The same comparisons done plainly: bit by bit, and by DuckDB. */
import { DuckDBInstance } from "@duckdb/node-api";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { IrisGallery } from "dabbawala/scenarios/aadhaar";

const columns = 256;

/** The least share of differing bits among all pairs, unturned, a bit at a time, on one thread. */
export function leastBitByBit(gallery: IrisGallery): number {
  let least = 1;
  for (let row = 1; row < gallery.count; row++) {
    const left = gallery.picture(row);
    for (let other = 0; other < row; other++) {
      least = Math.min(least, distanceBitByBit(left, gallery.picture(other)));
    }
  }
  return least;
}

function distanceBitByBit(left: Uint8Array, right: Uint8Array): number {
  let [differing, common] = [0, 0];
  for (let at = 0; at < columns; at++) {
    for (let ring = 0; ring < 8; ring++) {
      const seen = (left[columns + at] >> ring) & (right[columns + at] >> ring) & 1;
      common += seen;
      differing += seen & ((left[at] >> ring) ^ (right[at] >> ring));
    }
  }
  return differing / common;
}

/** A table of codes and masks as DuckDB's bit strings. */
export async function duckGallery(gallery: IrisGallery): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  await connection.run("create table pictures (row int, code bit, mask bit)");
  for (let row = 0; row < gallery.count; row++) {
    const picture = gallery.picture(row);
    const [code, mask] = [picture.subarray(0, columns), picture.subarray(columns)].map(asBits);
    await connection.run(`insert into pictures values (${row}, '${code}'::bit, '${mask}'::bit)`);
  }
  return connection;
}

const asBits = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");

export async function leastByDuck(connection: DuckDBConnection): Promise<number> {
  const reader = await connection.runAndReadAll(`
    select min(bit_count(xor(a.code, b.code) & a.mask & b.mask) / bit_count(a.mask & b.mask))
    from pictures a, pictures b where a.row > b.row`);
  return Number(reader.getRows()[0]?.[0]);
}
