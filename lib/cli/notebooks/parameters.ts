/**
 * Parameters by the papermill convention: the cell tagged `parameters` declares them, one `const`
 * a line; values that a run overrides go into a cell tagged `injected-parameters` right after it.
 */
import { InputError } from "../../basics";
import { hasTag, joined } from "./notebook";
import type { Notebook, NotebookCell } from "./notebook";

type Value = number | string | boolean | readonly unknown[];

const declaration = /^\s*const\s+(\w+)\s*(?::[^=]+)?=\s*(.+?);?\s*(?:\/\/.*)?$/;

/** The parameters that a notebook declares, with their values. */
export function declaredParameters(notebook: Notebook): Map<string, Value> {
  const cell = notebook.cells.find((candidate) => hasTag(candidate, "parameters"));
  const found = new Map<string, Value>();
  for (const line of cell ? joined(cell.source).split("\n") : []) {
    const match = declaration.exec(line);
    const value = match === null ? undefined : literal(match[2] as string);
    if (match !== null && value !== undefined) found.set(match[1] as string, value);
  }
  return found;
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
 * declare and for a value of another type than the declared one.
 */
export function injectParameters(notebook: Notebook, overrides: readonly string[]): Notebook {
  if (overrides.length === 0) return notebook;
  const declared = declaredParameters(notebook);
  const lines = overrides.map((override) => assignment(override, declared));
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

function assignment(override: string, declared: ReadonlyMap<string, Value>): string {
  const at = override.indexOf("=");
  if (at < 1) throw new InputError(`-p takes name=value, not "${override}"`);
  const [name, text] = [override.slice(0, at), override.slice(at + 1)];
  const example = declared.get(name);
  if (example === undefined) {
    const known = [...declared.keys()].join(", ") || "none";
    throw new InputError(`the notebook has no parameter "${name}": its parameters are ${known}`);
  }
  return `const ${name} = ${JSON.stringify(typed(name, text, example))};`;
}

function typed(name: string, text: string, example: Value): Value {
  if (typeof example === "string") return text;
  const value = literal(text);
  const kind = (of: Value | undefined): string => (Array.isArray(of) ? "array" : typeof of);
  if (value !== undefined && kind(value) === kind(example)) return value;
  const expected = `${kind(example)} such as ${JSON.stringify(example)}`;
  throw new InputError(`the parameter ${name} takes a ${expected}, not "${text}"`);
}
