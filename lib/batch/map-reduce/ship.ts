/**
 * Sends a job to a worker thread: by its module, or as the source text of its functions. What a
 * function uses from outside does not travel with its text, so it is found here and refused by
 * name, unless the job's `scope` carries it.
 */
import { InputError } from "../../basics";
import { isGroupBy } from "./group-by/group-by";
import type { GroupByJob } from "./group-by/group-by";
import type { Job, JobModule } from "./job";

/** A job as it travels: plain data. */
export type ShippedJob =
  | GroupByJob
  | { readonly kind: "module"; readonly file: string; readonly exportName: string }
  | {
      readonly kind: "source";
      readonly name: string;
      readonly input: "lines" | "csv";
      readonly functions: Readonly<Record<string, string>>;
      readonly scopeValues: Readonly<Record<string, unknown>>;
      readonly scopeFunctions: Readonly<Record<string, string>>;
    };

const parts = ["map", "combine", "partition", "reduce"] as const;

export function shipJob(job: Job | GroupByJob): ShippedJob {
  if (isGroupBy(job)) return job;
  if (job.module && loadJob(job.module) === job) return { kind: "module", ...job.module };
  const scope = job.scope ?? {};
  const scopeFunctions: Record<string, string> = {};
  const scopeValues: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(scope)) {
    if (typeof value === "function") scopeFunctions[name] = shippable(name, value, scope);
    else scopeValues[name] = cloneable(name, value);
  }
  const functions: Record<string, string> = {};
  for (const part of parts) {
    const written = job[part] as unknown;
    if (typeof written === "function") functions[part] = shippable(part, written, scope);
  }
  const { name, input = "lines" } = job;
  return { kind: "source", name, input, functions, scopeValues, scopeFunctions };
}

/** The job that was shipped, in the worker. */
export function receiveJob(shipped: ShippedJob): Job | GroupByJob {
  if (shipped.kind === "groupBy") return shipped;
  if (shipped.kind === "module") return loadJob(shipped);
  const { functions, scopeFunctions, scopeValues, name, input } = shipped;
  const scoped = Object.entries(scopeFunctions).map(([key, text]) => `const ${key} = ${text};`);
  const members = Object.entries(functions).map(([key, text]) => `${key}: ${text}`);
  const body = `"use strict"; ${scoped.join("\n")}\nreturn { ${members.join(",\n")} };`;
  const build = new Function(...Object.keys(scopeValues), body) as (...values: unknown[]) => Job;
  return { ...build(...Object.values(scopeValues)), name, input };
}

/**
 * The job that a module exports. Throws InputError when the module cannot be loaded or has no such
 * export.
 */
function loadJob({ file, exportName }: JobModule): Job {
  const job = (load(file) as Record<string, Job | undefined>)[exportName];
  if (job !== undefined) return job;
  throw new InputError(`${file} exports no job called ${exportName}`);
}

function load(file: string): unknown {
  try {
    return require(file);
  } catch (error) {
    throw new InputError(`${file} cannot be loaded: ${(error as Error).message.split("\n")[0]}`);
  }
}

/** The function as an expression that can be evaluated elsewhere. */
function shippable(name: string, written: object, scope: object): string {
  const text = asExpression(String(written));
  const { freeNames } = require("./free-names") as typeof import("./free-names"); // not in workers
  const captured = freeNames(text, name).filter((free) => !(free in scope));
  if (captured.length === 0) return text;
  const list = captured.join(", ");
  throw new InputError(
    `${name} uses ${list} from outside, which cannot travel to a worker: ` +
      `add it to the job, as scope: { ${list} }, or define it inside ${name}`,
  );
}

/** A method's text, "map(record) {...}", becomes a function expression. */
function asExpression(text: string): string {
  const isExpression = /^(async\s+)?(function\b|\(|[\w$]+\s*=>|class\b)/.test(text);
  return isExpression ? text : `function ${text}`;
}

function cloneable(name: string, value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch {
    throw new InputError(`scope.${name} cannot travel to a worker: make it plain data`);
  }
}
