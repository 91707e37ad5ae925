import { createRequire } from "node:module";
import { join } from "node:path";

interface Diagnostic {
  readonly start: { readonly line: number; readonly character: number };
  readonly messageText: string;
}

interface Converted {
  readonly diagnostics: readonly Diagnostic[];
  readonly declOutput?: string;
}

interface Converter {
  convert(declarations: string, source: string): Converted;
  close(): void;
}

export const notebookFolder = join(__dirname, "..", "..", "notebooks");
const load = createRequire(createRequire(__filename).resolve("tslab/package.json"));

/** Cells, one after another, through the compiler that the kernel uses; nothing is run. */
export class CellCompiler {
  private readonly converter: Converter;
  private declarations = "";

  constructor() {
    const before = process.cwd();
    process.chdir(notebookFolder);
    this.converter = (
      load("./dist/converter.js") as { createConverter(options: object): Converter }
    ).createConverter({});
    process.chdir(before);
  }

  /** The errors of the cell as "line:column - message"; none: later cells see what it declares. */
  compile(source: string): string[] {
    const { diagnostics, declOutput } = this.converter.convert(this.declarations, source);
    if (diagnostics.length === 0) this.declarations = declOutput ?? "";
    return diagnostics.map(({ start, messageText }) => {
      return `${start.line + 1}:${start.character + 1} - ${messageText}`;
    });
  }

  /** Whether the kernel takes the expression for `any`, in a cell after those compiled so far. */
  isAny(expression: string): boolean {
    const probe = "type IsAny<T> = 0 extends 1 & T ? true : false;";
    const wanted = `const isAny: IsAny<typeof probe> = false;`;
    const errors = this.compile(`const probe = ${expression};`);
    if (errors.length > 0) throw new Error(`${expression}: ${errors.join("; ")}`);
    return this.compile(`${probe} ${wanted}`).length > 0;
  }

  close(): void {
    this.converter.close();
  }
}
