import { mkdirSync, writeFileSync } from "fs";
import { basename, join } from "path";
import { joined } from "./notebook";
import type { Notebook } from "./notebook";

/** The place of a notebook's page in the site. */
export function pageOf(folder: string, file: string): string {
  mkdirSync(folder, { recursive: true });
  return join(folder, `${basename(file, ".ipynb")}.html`);
}

/** Writes the index page of the site: one line a notebook. */
export function writeIndex(folder: string, notebooks: readonly [string, Notebook][]): void {
  const items = notebooks.map(([file, notebook]) => {
    return `<li><a href="${basename(file, ".ipynb")}.html">${escapeText(titleOf(notebook))}</a></li>`;
  });
  const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>dabbawala</title>
<style>body{font:17px/1.5 sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}</style>
</head><body><h1>dabbawala</h1><p>Distributed computing in notebooks that run.</p>
<ol>${items.join("\n")}</ol></body></html>
`;
  writeFileSync(join(folder, "index.html"), page);
}

function titleOf(notebook: Notebook): string {
  const text = notebook.cells.map((cell) => joined(cell.source)).join("\n");
  return /^# (.+)$/m.exec(text)?.[1] ?? "Untitled";
}

function escapeText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
