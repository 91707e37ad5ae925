import { readFileSync } from "fs";
import { InputError } from "../../basics";
import type { HistoryEvent } from "../history";
import { operationsOf } from "../history";
import { parseEdnHistory } from "./edn-history";
import { parseJepsenLog } from "./jepsen-log";
import { parseJsonHistory } from "./json-lines";

/**
 * Reads a history file in whichever of the three forms its first character tells: JSON lines, EDN,
 * or a Jepsen log. Throws InputError with file and line when it is none, or not well formed.
 */
export function readHistory(file: string): HistoryEvent[] {
  return parseHistory(readText(file), file);
}

/** As `readHistory`, of a text; `source` is named in errors. */
export function parseHistory(text: string, source = "history"): HistoryEvent[] {
  const plain = text.replace(/^\uFEFF/, "");
  const history = parserFor(plain)(plain, source);
  if (history.length === 0) throw new InputError(`${source}:1: there is no event in it`);
  operationsOf(history, source);
  return history;
}

type Parser = (text: string, source: string) => HistoryEvent[];

function parserFor(text: string): Parser {
  const start = text.trimStart().slice(0, 200);
  if (/^\[\s*\{\s*"/.test(start)) return refuseArray;
  if (/^\{\s*("|\}|$)/.test(start)) return parseJsonHistory;
  return /^[[({#;^]/.test(start) ? parseEdnHistory : parseJepsenLog;
}

function refuseArray(_text: string, source: string): never {
  throw new InputError(
    `${source}:1: this is one JSON array; write each event on a line of its own`,
  );
}

const tooLong = "it has more than the 0.5 GB that can be read at once: cut it apart by keys";

const reasons: Record<string, string> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder, not a file",
  EACCES: "no permission to read it",
  ERR_STRING_TOO_LONG: tooLong,
  ERR_FS_FILE_TOO_LARGE: tooLong,
};

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new InputError(`${file}: ${reasons[code] ?? message}`);
  }
}
