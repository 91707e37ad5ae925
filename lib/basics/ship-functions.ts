/**
 * Sends functions to a worker thread as their source text, or as the name of a module's export.
 * What a function uses from outside does not travel with its text, so it is found here and refused
 * by name, unless the `scope` carries it.
 */
import { InputError } from "./input-error";

/** Where workers load something from, instead of being sent the text of its functions. */
export interface ModuleExport {
  /** An absolute path of a JavaScript (CommonJS) file. */
  readonly file: string;
  readonly exportName: string;
}

export type Scope = Readonly<Record<string, unknown>>;

/** Functions as they travel: plain data. */
export interface ShippedFunctions {
  readonly functions: Readonly<Record<string, string>>;
  readonly scopeValues: Readonly<Record<string, unknown>>;
  readonly scopeFunctions: Readonly<Record<string, string>>;
}

type AnyFunction = (...values: never[]) => unknown;

/**
 * Throws InputError that names what a function uses and the scope lacks. `own`: names in the scope
 * whose values the receiver has.
 */
export function shipFunctions(
  named: Readonly<Record<string, unknown>>,
  scope: Scope = {},
  { own = [], receiver = "the job" }: { own?: readonly string[]; receiver?: string } = {},
): ShippedFunctions {
  const rules = { known: new Set([...Object.keys(scope), ...own]), receiver };
  const scopeFunctions: Record<string, string> = {};
  const scopeValues: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(scope)) {
    if (typeof value === "function") scopeFunctions[name] = shippable(name, value, rules);
    else scopeValues[name] = cloneable(`scope.${name}`, value);
  }
  const functions: Record<string, string> = {};
  for (const [name, written] of Object.entries(named)) {
    if (typeof written === "function") functions[name] = shippable(name, written, rules);
  }
  return { functions, scopeValues, scopeFunctions };
}

/** The functions that were shipped, by name. `own`: values of this side, by their names. */
export function receiveFunctions(
  { functions, scopeFunctions, scopeValues }: ShippedFunctions,
  own: Scope = {},
): Readonly<Record<string, AnyFunction>> {
  const values = { ...scopeValues, ...own };
  const scoped = Object.entries(scopeFunctions).map(([key, text]) => `const ${key} = ${text};`);
  const names = [...Object.keys(values), ...Object.keys(scopeFunctions)];
  // The kernel writes a variable of an earlier cell as `exports.name`.
  const cells = names.length > 0 ? `const exports = { ${names.join(", ")} };` : "";
  const members = Object.entries(functions).map(([key, text]) => `${key}: ${text}`);
  const body = `"use strict"; ${scoped.join("\n")}\n${cells}\nreturn { ${members.join(",\n")} };`;
  const build = new Function(...Object.keys(values), body) as (
    ...values: unknown[]
  ) => Record<string, AnyFunction>;
  return build(...Object.values(values));
}

/**
 * What a module exports under a name. Throws InputError when the module cannot be loaded or has no
 * such export; `what` says what it should have been.
 */
export function loadExport({ file, exportName }: ModuleExport, what: string): unknown {
  const found = (load(file) as Record<string, unknown>)[exportName];
  if (found !== undefined) return found;
  throw new InputError(`${file} exports no ${what} called ${exportName}`);
}

function load(file: string): unknown {
  try {
    return require(file);
  } catch (error) {
    throw new InputError(`${file} cannot be loaded: ${(error as Error).message.split("\n")[0]}`);
  }
}

/** The function as an expression that can be evaluated elsewhere. */
function shippable(
  name: string,
  written: object,
  { known, receiver }: { known: ReadonlySet<string>; receiver: string },
): string {
  const text = asExpression(String(written));
  const { freeNames } = require("./free-names") as typeof import("./free-names"); // not in workers
  const captured = freeNames(text, name).filter((free) => !known.has(free));
  if (captured.length === 0) return text;
  const list = captured.join(", ");
  throw new InputError(
    `${name} uses ${list} from outside, which cannot travel to a worker: ` +
      `add it to ${receiver}, as scope: { ${list} }, or define it inside ${name}`,
  );
}

/** A method's text, "map(record) {...}", becomes a function expression. */
function asExpression(text: string): string {
  const isExpression = /^(async\s+)?(function\b|\(|[\w$]+\s*=>|class\b)/.test(text);
  return isExpression ? text : `function ${text}`;
}

/** A copy of the value, as it arrives. Throws InputError that says `name` cannot travel. */
export function cloneable(name: string, value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    throw new InputError(`${name} cannot travel to a worker: make it plain data`);
  }
}
