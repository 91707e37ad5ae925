/**
 * Blocks of rows into a table of groups, a column at a time: filters, then numbers, then keys, then
 * cells; each a short loop over one kind of thing.
 *
 * Source: P. Boncz, M. Zukowski, N. Nes, "MonetDB/X100: Hyper-Pipelining Query Execution", CIDR
 * 2005: vectors that fit into the cache cost less than rows one by one.
 */
import type { Block } from "../scan/scanner";
import { BlockRows } from "./block-rows";
import { cellsOf } from "./cells";
import { Fields } from "./fields";
import type { Cell, GroupByJob } from "./group-by";
import { GroupTable } from "./group-table";
import { KeyReader } from "./key-reader";
import { NumberColumn } from "./number-column";
import { RowFilter } from "./row-filter";
import { updateCells } from "./update-cells";

const noValues = new Float64Array(0);

interface CellSource {
  readonly kind: Cell["kind"];
  /** Undefined for rows. */
  readonly column: NumberColumn | undefined;
}

export class BlockAggregation {
  readonly rows: BlockRows;
  table: GroupTable;
  private readonly fields: Fields;
  private readonly filters: readonly RowFilter[];
  private readonly numbers: readonly NumberColumn[];
  private readonly keys: KeyReader;
  private readonly cells: readonly CellSource[];

  constructor(job: GroupByJob, columns: ReadonlyMap<string, number>, skipped: ReadonlySet<number>) {
    const index = (column: string): number => columns.get(column) as number;
    this.rows = new BlockRows(columns.size, skipped);
    this.fields = new Fields(this.rows, columns.size);
    this.filters = Object.entries(job.where).map(
      ([column, condition]) => new RowFilter(index(column), condition),
    );
    this.keys = new KeyReader(job.key.map((part) => ({ ...part, index: index(part.column) })));
    const cells = cellsOf(job);
    const names = [...new Set(cells.map(({ column }) => column).filter(Boolean))];
    this.numbers = names.map((name) => new NumberColumn(name, index(name)));
    this.cells = cells.map(({ kind, column }) => {
      return { kind, column: this.numbers[names.indexOf(column)] };
    });
    this.table = this.emptyTable();
  }

  /** Hands the table out, to go on with an empty one. */
  takeTable(): GroupTable {
    const { table } = this;
    this.table = this.emptyTable();
    return table;
  }

  add(block: Block): void {
    const { rows, fields } = this;
    rows.enter(block);
    fields.enter(block);
    for (const filter of this.filters) filter.apply(rows, fields);
    for (const column of this.numbers) column.read(rows, fields);
    this.keys.read(rows, fields, this.table);
    this.cells.forEach((cell, index) => this.update(cell, index));
  }

  private emptyTable(): GroupTable {
    return new GroupTable(this.cells.map(({ kind }) => kind));
  }

  private update({ kind, column }: CellSource, index: number): void {
    const { groups } = this.keys;
    const { cells, stride } = this.table;
    const values = column?.values ?? noValues;
    updateCells[kind](
      { cells, groups, stride, index },
      { values, valueStride: 1, valueIndex: 0, count: this.rows.count },
    );
  }
}
