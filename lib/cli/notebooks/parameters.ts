/**
 * Parameters by the papermill convention: the cell tagged `parameters` declares them, one `const`
 * a line; values that a run overrides go into a cell tagged `injected-parameters` right after it.
 */
import { InputError } from "../../basics";
import { hasTag, joined } from "./notebook";
import type { Notebook, NotebookCell } from "./notebook";

type Value = number | string | boolean | readonly unknown[];

/** A parameter as declared: its default, and the range that its comment tells, if it does. */
export interface Parameter {
  readonly value: Value;
  readonly range?: { readonly least: number; readonly most: number; readonly text: string };
}

const declaration = /^\s*const\s+(\w+)\s*(?::[^=]+)?=\s*(.+?);?\s*(?:\/\/\s*(.*))?$/;
const rangeText = /^(-?[\d.,_]*\d) to (-?[\d.,_]*\d)\b/;

/** The parameters that a notebook declares, by name. */
export function declaredParameters(notebook: Notebook): Map<string, Parameter> {
  const cell = notebook.cells.find((candidate) => hasTag(candidate, "parameters"));
  const found = new Map<string, Parameter>();
  for (const line of cell ? joined(cell.source).split("\n") : []) {
    const match = declaration.exec(line);
    const value = match === null ? undefined : literal(match[2] as string);
    if (match === null || value === undefined) continue;
    found.set(match[1] as string, { value, ...rangeOf(match[3] ?? "") });
  }
  return found;
}

/** The range of a comment such as "10,000 to 20,000,000 log lines". */
function rangeOf(comment: string): Pick<Parameter, "range"> {
  const match = rangeText.exec(comment);
  if (match === null) return {};
  const [least, most] = [match[1], match[2]].map((text) => Number(text?.replace(/[,_]/g, "")));
  return { range: { least: least as number, most: most as number, text: match[0] } };
}

/** The value of a number, string, boolean or array literal; undefined for anything else. */
function literal(text: string): Value | undefined {
  const plain = text
    .trim()
    .replace(/(\d)_(?=\d)/g, "$1")
    .replace(/'([^'\\]*)'/g, '"$1"');
  try {
    const value = JSON.parse(plain) as unknown;
    return value !== null && (typeof value !== "object" || Array.isArray(value))
      ? (value as Value)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The notebook with "name=value" overrides injected. Throws InputError for a name that it does not
 * declare, and for a value of another type than the declared one or out of its range. Of two values
 * for one name the later counts.
 */
export function injectParameters(notebook: Notebook, overrides: readonly string[]): Notebook {
  if (overrides.length === 0) return notebook;
  const declared = declaredParameters(notebook);
  const values = new Map(overrides.map((override) => assignment(override, declared)));
  const lines = [...values].map(([name, value]) => `const ${name} = ${JSON.stringify(value)};`);
  const injected: NotebookCell = {
    cell_type: "code",
    id: "injected-parameters",
    metadata: { tags: ["injected-parameters"] },
    source: lines.join("\n"),
    outputs: [],
    execution_count: null,
  };
  const cells = notebook.cells.filter((cell) => !hasTag(cell, "injected-parameters"));
  const at = cells.findIndex((cell) => hasTag(cell, "parameters"));
  return { ...notebook, cells: [...cells.slice(0, at + 1), injected, ...cells.slice(at + 1)] };
}

function assignment(override: string, declared: ReadonlyMap<string, Parameter>): [string, Value] {
  const at = override.indexOf("=");
  if (at < 1) throw new InputError(`-p takes name=value, not "${override}"`);
  const [name, text] = [override.slice(0, at), override.slice(at + 1)];
  const parameter = declared.get(name);
  if (parameter === undefined) {
    const known = [...declared.keys()].join(", ") || "none";
    throw new InputError(`the notebook has no parameter "${name}": its parameters are ${known}`);
  }
  return [name, typed(name, text, parameter)];
}

function typed(name: string, text: string, { value: example, range }: Parameter): Value {
  if (typeof example === "string") return text;
  const value = literal(text);
  if (value === undefined || !isAlike(value, example)) {
    const expected = `${kindOf(example)} such as ${JSON.stringify(example)}`;
    throw new InputError(`the parameter ${name} takes a ${expected}, not "${text}"`);
  }
  if (typeof value !== "number" || range === undefined) return value;
  if (value >= range.least && value <= range.most) return value;
  throw new InputError(`the parameter ${name} is from ${range.text}, not ${text}`);
}

function isAlike(value: Value, example: Value): boolean {
  if (!Array.isArray(value) || !Array.isArray(example)) return kindOf(value) === kindOf(example);
  return value.length === 0 || example.length === 0 || kindOf(value) === kindOf(example);
}

/** "number", "string", "boolean", "list of numbers". */
function kindOf(value: Value): string {
  if (!Array.isArray(value)) return typeof value;
  const kinds = new Set(value.map((item: unknown) => typeof item));
  return `list of ${[...kinds].join(" and ")}s`;
}
