import { existsSync, readFileSync, readdirSync } from "fs";
import { basename, join, resolve } from "path";
import { InputError } from "../../basics";

/** A notebook as it lies on disk (nbformat 4.5), as far as the runner looks at it. */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

export interface NotebookCell {
  readonly cell_type: "code" | "markdown" | "raw";
  readonly id: string;
  readonly source: string | readonly string[];
  readonly metadata: {
    readonly tags?: readonly string[];
    readonly jupyter?: { readonly source_hidden?: boolean };
  };
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
}

/** A text that nbformat may store as a list of lines. */
export function joined(text: string | readonly string[]): string {
  return typeof text === "string" ? text : text.join("");
}

export function hasTag(cell: NotebookCell, tag: string): boolean {
  return cell.metadata.tags?.includes(tag) ?? false;
}

export function readNotebook(file: string): Notebook {
  try {
    const notebook = JSON.parse(readFileSync(file, "utf8")) as Notebook;
    if (Array.isArray(notebook?.cells) && typeof notebook.metadata === "object") return notebook;
    throw new Error("it has no cells");
  } catch (error) {
    throw new InputError(`${file} is no notebook: ${(error as Error).message}`);
  }
}

/** The checkout that holds the library. */
export const checkout = join(__dirname, "..", "..", "..", "..");

/** The folder of the book: notebooks/ of the checkout that holds the library. */
const bookFolder = join(checkout, "notebooks");

/** The notebooks of the book in order; the template is no part of it but runs all the same. */
export function bookNotebooks(folder = bookFolder): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => name.endsWith(".ipynb"))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * The notebooks that the words name: a number ("10"), a file, a name or a glob ("1*"); all of the
 * book for no words. Throws InputError for a word that names none.
 */
export function findNotebooks(words: readonly string[]): string[] {
  const all = bookNotebooks();
  if (words.length === 0) return all;
  return [...new Set(words.flatMap((word) => findOne(word, all)))];
}

function findOne(word: string, all: readonly string[]): string[] {
  if (word.endsWith(".ipynb") && existsSync(word)) return [resolve(word)];
  const pattern = globPattern(word.replace(/\.ipynb$/, ""));
  const found = all.filter((file) => pattern.test(basename(file, ".ipynb")));
  if (found.length > 0) return found;
  const names = all.map((file) => basename(file, ".ipynb")).join(", ");
  throw new InputError(`no notebook is called "${word}": choose from ${names}`);
}

function globPattern(word: string): RegExp {
  const escaped = word
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return /^\d+$/.test(word) ? new RegExp(`^${escaped}-`) : new RegExp(`^${escaped}$`);
}
