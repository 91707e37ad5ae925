import { InputError } from "../basics";

const multiples: Record<string, number> = { "": 1, k: 1e3, m: 1e6, b: 1e9 };
const byteMultiples: Record<string, number> = { b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 };

/** "500000", "500k", "12.6M" as a number, for the option `name`. */
export function parseCount(name: string, text: string): number {
  return (
    parseScaled(text, multiples) ?? refuse(name, text, "a count such as 500000, 500k or 12.6M")
  );
}

/** "256mb", "1gb", "4096b" as bytes, for the option `name`. */
export function parseBytes(name: string, text: string): number {
  return parseScaled(text, byteMultiples) ?? refuse(name, text, "a size such as 256mb or 1gb");
}

function parseScaled(text: string, scales: Record<string, number>): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([a-z]*)$/i.exec(text.trim());
  const scale = scales[(match?.[2] ?? "").toLowerCase()];
  if (match === null || scale === undefined) return undefined;
  return Math.round(Number(match[1]) * scale);
}

function refuse(name: string, text: string, expected: string): never {
  throw new InputError(`${name} takes ${expected}, not "${text}"`);
}

/** A number for the option `name`. */
export function parseNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) refuse(name, text, "a number");
  return value;
}

/** Of an option --resume <folder>. */
export const resumeHelp =
  "keep the work in that folder until it is done: the same command goes on where it was killed";

/**
 * A signal that Ctrl-C aborts, so that half-written files are removed before the end; what lies in
 * the folder `resume` is kept. `otherwise`: what is left without one.
 */
export function interruptSignal(resume?: string, otherwise = "nothing was written"): AbortSignal {
  const left =
    resume === undefined
      ? otherwise
      : `what was done lies in ${resume}, and the same command goes on`;
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort(new InputError(`interrupted: ${left}`)));
  process.once("SIGTERM", () => controller.abort(new InputError(`ended: ${left}`)));
  return controller.signal;
}
