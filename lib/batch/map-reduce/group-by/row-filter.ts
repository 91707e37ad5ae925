/** Leaves out the rows of a block that a job does not want. */
import type { BlockRows } from "./block-rows";
import type { Fields } from "./fields";
import type { Condition } from "./group-by";

export class RowFilter {
  private readonly isWanted: boolean;
  private readonly texts: readonly Buffer[];

  constructor(
    private readonly column: number,
    condition: Condition,
  ) {
    this.isWanted = typeof condition === "string" || "length" in condition;
    const texts = typeof condition === "object" && "not" in condition ? condition.not : condition;
    this.texts = [texts].flat().map((text) => Buffer.from(text));
  }

  /** Keeps the wanted ones among the rows. */
  apply(rows: BlockRows, fields: Fields): void {
    const { starts, firsts, count } = rows;
    let kept = 0;
    for (let row = 0; row < count; row++) {
      fields.find(row, this.column);
      if (this.hasOneOfTexts(fields) !== this.isWanted) continue;
      starts[kept] = starts[row] as number;
      firsts[kept++] = firsts[row] as number;
    }
    rows.count = kept;
  }

  private hasOneOfTexts({ bytes, from, to }: Fields): boolean {
    for (const text of this.texts) if (isText(text, bytes, from, to)) return true;
    return false;
  }
}

function isText(text: Buffer, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text[i]) return false;
  return true;
}
