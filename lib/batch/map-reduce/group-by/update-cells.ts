/** Numbers into the cells of groups: a loop for each kind of cell. NaN is "no number". */
import type { Cell } from "./group-by";

/** The cells to change: number `index` of each group. */
interface CellColumn {
  readonly cells: Float64Array;
  /** The group of each value. */
  readonly groups: Uint32Array;
  readonly stride: number;
  readonly index: number;
}

/** Value i is values[i * valueStride + valueIndex]. */
interface ValueColumn {
  readonly values: Float64Array;
  readonly valueStride: number;
  readonly valueIndex: number;
  readonly count: number;
}

type UpdateCells = (column: CellColumn, values: ValueColumn) => void;

const countRows: UpdateCells = ({ cells, groups, stride, index }, { count }) => {
  for (let i = 0; i < count; i++) {
    const at = (groups[i] as number) * stride + index;
    cells[at] = (cells[at] as number) + 1;
  }
};

const countValues: UpdateCells = ({ cells, groups, stride, index }, { values, count }) => {
  for (let i = 0; i < count; i++) {
    const at = (groups[i] as number) * stride + index;
    if (!Number.isNaN(values[i])) cells[at] = (cells[at] as number) + 1;
  }
};

const addValues: UpdateCells = ({ cells, groups, stride, index }, column) => {
  const { values, valueStride, valueIndex, count } = column;
  for (let i = 0; i < count; i++) {
    const value = values[i * valueStride + valueIndex] as number;
    const at = (groups[i] as number) * stride + index;
    const held = cells[at] as number;
    if (!Number.isNaN(value)) cells[at] = Number.isNaN(held) ? value : held + value;
  }
};

const keepLeast: UpdateCells = ({ cells, groups, stride, index }, column) => {
  const { values, valueStride, valueIndex, count } = column;
  for (let i = 0; i < count; i++) {
    const value = values[i * valueStride + valueIndex] as number;
    const at = (groups[i] as number) * stride + index;
    if (value < (cells[at] as number) || Number.isNaN(cells[at])) cells[at] = value;
  }
};

const keepGreatest: UpdateCells = ({ cells, groups, stride, index }, column) => {
  const { values, valueStride, valueIndex, count } = column;
  for (let i = 0; i < count; i++) {
    const value = values[i * valueStride + valueIndex] as number;
    const at = (groups[i] as number) * stride + index;
    if (value > (cells[at] as number) || Number.isNaN(cells[at])) cells[at] = value;
  }
};

/** For rows: each value belongs to one. */
export const updateCells: Readonly<Record<Cell["kind"], UpdateCells>> = {
  rows: countRows,
  values: countValues,
  sum: addValues,
  min: keepLeast,
  max: keepGreatest,
};

/** For groups: the values are cells of the same kind. */
export const mergeCells: Readonly<Record<Cell["kind"], UpdateCells>> = {
  rows: addValues,
  values: addValues,
  sum: addValues,
  min: keepLeast,
  max: keepGreatest,
};
