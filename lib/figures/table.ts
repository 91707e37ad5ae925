/** Small tables: HTML in a notebook, aligned text elsewhere. */
import type { MimeBundle, Showable } from "./display";
import { mimeBundleSymbol } from "./display";

export type Cell = string | number | boolean | null | undefined;
export type TableRow = Readonly<Record<string, Cell>>;

/** A notebook shows final tables; more rows belong into a file or a chart. */
const maxRows = 10_000;

export class Table implements Showable {
  private readonly columns: readonly string[];

  constructor(
    readonly rows: readonly TableRow[],
    private readonly caption = "",
  ) {
    if (rows.length > maxRows) {
      const advice = "take the first ones or group them";
      throw new RangeError(`a table takes at most ${maxRows} rows, not ${rows.length}: ${advice}`);
    }
    this.columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  }

  [mimeBundleSymbol](): MimeBundle {
    return { "text/html": this.toHtml(), "text/plain": this.toText() };
  }

  toHtml(): string {
    const cell = (tag: string, text: string, isNumber: boolean): string =>
      `<${tag} style="text-align:${isNumber ? "right" : "left"}">${escapeHtml(text)}</${tag}>`;
    const isNumeric = (column: string): boolean => typeof this.rows[0]?.[column] === "number";
    const head = this.columns.map((column) => cell("th", column, isNumeric(column))).join("");
    const body = this.rows.map((row) => {
      const cells = this.columns.map((column) =>
        cell("td", format(row[column]), typeof row[column] === "number"),
      );
      return `<tr>${cells.join("")}</tr>`;
    });
    const caption = this.caption === "" ? "" : `<caption>${escapeHtml(this.caption)}</caption>`;
    return `<table>${caption}<thead><tr>${head}</tr></thead><tbody>${body.join("\n")}</tbody></table>`;
  }

  toText(): string {
    const lines = [
      this.columns,
      ...this.rows.map((row) => this.columns.map((c) => format(row[c]))),
    ];
    const widths = this.columns.map((_, i) =>
      Math.max(...lines.map((l) => (l[i] as string).length)),
    );
    const isNumber = this.columns.map((column) => typeof this.rows[0]?.[column] === "number");
    const text = lines.map((line) =>
      line
        .map((value, i) => {
          const width = widths[i] as number;
          return isNumber[i] ? value.padStart(width) : value.padEnd(width);
        })
        .join("  ")
        .trimEnd(),
    );
    return [...(this.caption === "" ? [] : [this.caption]), ...text].join("\n");
  }
}

/** A table of rows; the keys are the headings, so put units there: "latency (ms)". */
export function table(rows: readonly TableRow[], caption = ""): Table {
  return new Table(rows, caption);
}

/** Numbers with at most four significant digits after the point, and thousands told apart. */
function format(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number") return String(value);
  if (Number.isInteger(value)) return value.toLocaleString("en-US");
  const digits = Math.max(0, 4 - Math.max(1, Math.ceil(Math.log10(Math.abs(value)))));
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] as string);
}
