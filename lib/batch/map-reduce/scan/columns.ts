import { InputError } from "../../../basics";
import { unquote } from "../record";
import { Scanner, newline } from "./scanner";

/** The columns of the header line, by name: 0 is the first. Throws InputError for an empty file. */
export async function readColumns(file: string): Promise<ReadonlyMap<string, number>> {
  const line = await firstLine(file);
  if (line === "") throw new InputError(`${file}: its first line, the names of columns, is empty`);
  const names = line.split(",").map((name) => (name.startsWith('"') ? unquote(name) : name));
  return new Map(names.map((name, index) => [name, index]));
}

async function firstLine(file: string): Promise<string> {
  const scanner = new Scanner(newline, 4_096);
  let line: string | undefined;
  await scanner.scan({ file, startByte: 0, endByte: 1 }, ({ bytes, start, places }) => {
    line = bytes.toString("utf8", start, places[0]);
    return false;
  });
  return (line ?? "").replace(/^\ufeff/, "").replace(/\r$/, "");
}
