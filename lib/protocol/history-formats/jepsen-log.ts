/**
 * The log form of a Jepsen run: `INFO  jepsen.util - 4 :invoke :cas [2 4]`, one event a line with
 * the process, the type, the operation and its value. Lines of other loggers are passed over; a
 * line of jepsen.util, or one without a log level, that is no event is refused.
 */
import { InputError } from "../../basics";
import type { HistoryEvent } from "../history";
import { readEdn } from "./edn";
import { eventOf } from "./event";

const eventLine = /^(.*?[\s:-]\s*)?(\d+|:[\w-]+)\s+:(invoke|ok|fail|info)\s+:([^\s]+)(?:\s+(.*))?$/;
const otherLogger =
  /^(?:\d{4}-\d\d-\d\d.*\s)?(?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\b(?!.*jepsen\.util)/;

/** Reads the log form. Throws InputError with `source` and the line. */
export function parseJepsenLog(text: string, source = "history"): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  text.split("\n").forEach((content, index) => {
    if (content.trim() === "") return;
    const line = index + 1;
    const match = eventLine.exec(content.trimEnd());
    if (match !== null)
      events.push(eventOf({ fields: fieldsOf(match, source, line), source, line }));
    else if (!otherLogger.test(content)) refuse(content, source, line);
  });
  return events;
}

function fieldsOf(match: RegExpExecArray, source: string, line: number): Record<string, unknown> {
  const [, , who, type, f, rest = "nil"] = match;
  const process = who.startsWith(":") ? who.slice(1) : Number(who);
  return { process, type, f, value: valueOf(rest, `${source}:${line}`) };
}

/** The first form of the rest of the line; what stands after it is Jepsen's remark on a failure. */
function valueOf(rest: string, place: string): unknown {
  try {
    return readEdn(`[${rest}\n]`, place)[0]?.value ?? null;
  } catch {
    throw new InputError(`${place}: "${rest}" is not a value`);
  }
}

function refuse(content: string, source: string, line: number): never {
  const shown = content.length > 80 ? `${content.slice(0, 80)}...` : content;
  const expected = "process, :invoke|:ok|:fail|:info, :operation, value";
  throw new InputError(`${source}:${line}: expected ${expected}, not "${shown}"`);
}
