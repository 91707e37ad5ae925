/** The files of the repository as they are now: tracked, or new and not ignored. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(__dirname, "..", "..");

export interface SourceFile {
  /** Relative to the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
});
const paths = [...new Set(listed.trim().split("\n"))].filter((path) =>
  existsSync(join(root, path)),
);

export const files: readonly SourceFile[] = paths
  .filter((path) => /\.(ts|mts|mjs|cjs|py|ipynb|md|json)$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

export const code = files.filter(({ path }) => /\.(ts|mts|mjs|cjs|py)$/.test(path));
export const library = code.filter(({ path }) => /^lib\/.*\.ts$/.test(path));

/** The text of one file. */
export function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}
