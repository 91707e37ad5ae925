/** How much memory rows take, by a sample: an estimate on the safe side. */
const sampled = 200;
const deepest = 6;

export function rowsBytes(rows: readonly unknown[]): number {
  if (rows.length === 0) return 0;
  const step = Math.max(1, Math.floor(rows.length / sampled));
  let [sum, count] = [0, 0];
  for (let i = 0; i < rows.length; i += step, count++) sum += 8 + valueBytes(rows[i], deepest);
  return Math.round((sum / count) * rows.length);
}

/** Sizes as V8 has them on 64 bits: objects of a few words, texts of a byte or two a character. */
function valueBytes(value: unknown, depth: number): number {
  if (typeof value === "string") return 24 + value.length;
  if (typeof value === "number") return Number.isInteger(value) ? 0 : 16;
  if (typeof value !== "object" || value === null || depth === 0) return 16;
  if (ArrayBuffer.isView(value)) return 96 + value.byteLength;
  const parts: unknown[] = Array.isArray(value) ? (value as unknown[]) : Object.values(value);
  return parts.reduce((sum: number, part) => sum + 8 + valueBytes(part, depth - 1), 32);
}
