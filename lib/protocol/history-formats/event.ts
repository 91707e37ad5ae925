import { InputError } from "../../basics";
import type { HistoryEvent, HistoryEventType } from "../history";

const types: readonly string[] = ["invoke", "ok", "fail", "info"];

/** A record's fields, of whatever origin, and where it stands. */
export interface EventRecord {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly source: string;
  readonly line: number;
}

/** Checks a record's fields and makes an event of them; InputError with file and line otherwise. */
export function eventOf({ fields, source, line }: EventRecord): HistoryEvent {
  const refuse = (problem: string): never => {
    throw new InputError(`${source}:${line}: ${problem}`);
  };
  const { process, type, f, key, value, time } = fields;
  if (typeof process !== "number" && typeof process !== "string") {
    refuse(`process must be a number or a name, but was ${show(process)}`);
  }
  if (!types.includes(type as string)) {
    refuse(`type must be one of ${types.join(", ")}, but was ${show(type)}`);
  }
  if (typeof f !== "string" || f === "") {
    refuse(`f must name an operation, but was ${show(f)}`);
  }
  if (!isAbsent(key) && typeof key !== "string" && typeof key !== "number") {
    refuse(`key must be a text or a number, but was ${show(key)}`);
  }
  if (!isAbsent(time) && typeof time !== "number") {
    refuse(`time must be a number, but was ${show(time)}`);
  }
  return {
    process: process as number | string,
    type: type as HistoryEventType,
    f: f as string,
    ...(isAbsent(key) ? {} : { key: key as string | number }),
    ...(value === undefined ? {} : { value }),
    ...(isAbsent(time) ? {} : { time: time as number }),
    line,
  };
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function show(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
