/** A piece of the library's own source, so that prose and code cannot drift. */
import { readFileSync } from "fs";
import { join } from "path";
import { InputError } from "../basics";
import type { MimeBundle, Showable } from "./display";
import { mimeBundleSymbol } from "./display";

/** The folder of the sources: lib/ of the checkout, beside dist/. */
const sources = join(__dirname, "..", "..");

/** A function, method, class or constant of the library as it stands in its file. */
export class SourceExcerpt implements Showable {
  constructor(
    readonly file: string,
    readonly name: string,
    readonly code: string,
  ) {}

  [mimeBundleSymbol](): MimeBundle {
    // Without a line number: an edit above would change the stored output of every notebook.
    const where = `lib/${this.file}, ${this.name}`;
    const fence = "```";
    return {
      "text/markdown": `*${where}*\n\n${fence}typescript\n${this.code}\n${fence}`,
      "text/plain": `// ${where}\n${this.code}`,
    };
  }
}

/**
 * What `name` declares in the library file `file`, as `source("batch/map-reduce/merge.ts",
 * "merge")`. Throws InputError when there is no such file or name.
 */
export function source(file: string, name: string): SourceExcerpt {
  const lines = readLines(file);
  const first = lines.findIndex((line) => declares(line, name));
  if (first < 0) throw new InputError(`lib/${file} declares no "${name}": check the spelling`);
  const indent = /^\s*/.exec(lines[first] as string)?.[0] ?? "";
  const end = lines.findIndex((line, i) => i >= first && closes(line, indent));
  const code = lines.slice(first, end + 1).map((line) => line.slice(indent.length));
  return new SourceExcerpt(file, name, code.join("\n"));
}

function readLines(file: string): string[] {
  try {
    return readFileSync(join(sources, file), "utf8").split("\n");
  } catch {
    throw new InputError(`there is no library file lib/${file}: check the path`);
  }
}

const modifiers =
  /^(export |default |abstract |async |private |protected |static |readonly |get |set )*/;

function declares(line: string, name: string): boolean {
  const bare = line.trim().replace(modifiers, "");
  const escaped = name.replace(/[$]/g, "\\$&");
  return (
    new RegExp(
      `^((function\\*?|class|const|let|interface|type) )?${escaped}\\b\\s*[=<(:{]|^(class|interface) ${escaped}\\b`,
    ).test(bare) && !/;\s*$/.test(bare.replace(/^(const|let|type) .*/, ""))
  );
}

/** The line that ends a declaration with this indent: a closing bracket or a one-line statement. */
function closes(line: string, indent: string): boolean {
  if (!line.startsWith(indent) || /^\s/.test(line.slice(indent.length))) return false;
  return /^[}\])]+;?$|;$/.test(line.slice(indent.length).trimEnd());
}
