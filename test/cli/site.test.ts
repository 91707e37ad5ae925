import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readNotebook } from "dabbawala/dist/cli/notebooks/notebook";
import { writeSite } from "dabbawala/dist/cli/notebooks/site";
import { notebookFolder } from "../kernel/cell-compiler";

const folder = mkdtempSync(join(tmpdir(), "dabbawala-site-"));
afterAll(() => rmSync(folder, { recursive: true }));
const names = ["00-start-here", "10-mapreduce-irctc-logs", "TEMPLATE"];

/** A page as nbconvert makes it, in small. */
const rawHtml = `<html><head><title>Notebook</title><script src=""> </script>
<script type="module">import mermaid from "https://cdn.example/mermaid.mjs"</script></head>
<body class="x"><main><a href="TEMPLATE.ipynb#Story">T</a> <a href="99-later.ipynb">L</a>
<a href="../lib/batch/index.ts">S</a> <a href="https://example.org/a">W</a></main></body></html>`;

describe("the site of the book", () => {
  let page = "";
  let index = "";
  beforeAll(() => {
    const pages = names.map((name) => {
      const file = join(notebookFolder, `${name}.ipynb`);
      return { file, notebook: readNotebook(file), rawHtml, seconds: 3 };
    });
    index = readFileSync(writeSite(join(folder, "site"), pages), "utf8");
    page = readFileSync(join(folder, "site", "10-mapreduce-irctc-logs.html"), "utf8");
  });

  it("links previous, index and next, at head and foot, in the order of the book", () => {
    const bars = page.match(/<nav[\s\S]*?<\/nav>/g) ?? [];
    expect(bars).toHaveLength(2);
    const hrefs = [...bars[0]!.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
    expect(hrefs).toEqual(["00-start-here.html", "index.html", "TEMPLATE.html"]);
    const first = readFileSync(join(folder, "site", "00-start-here.html"), "utf8");
    expect(first).not.toContain("←");
  });

  it("keeps links inside: pages, and copies of source files that a browser shows", () => {
    expect(page).toContain('href="TEMPLATE.html#Story"');
    expect(page).toContain('href="99-later.ipynb"');
    expect(page).toContain('href="https://example.org/a"');
    expect(page).toContain('href="files/lib/batch/index.ts.txt"');
    expect(existsSync(join(folder, "site", "files", "lib", "batch", "index.ts.txt"))).toBe(true);
  });

  it("needs no network, has its title, and folds solutions", () => {
    expect(page).not.toMatch(/<script[^>]*src=|cdn\.example/);
    expect(page).toContain("<title>MapReduce over IRCTC logs</title>");
    const hidden = readNotebook(join(notebookFolder, "10-mapreduce-irctc-logs.ipynb")).cells.find(
      (cell) => cell.metadata.jupyter?.source_hidden,
    );
    expect(page).toContain(`"cell-id=${hidden!.id}"`);
  });

  it("has an index with every title, question and picture", () => {
    const hrefs = [...index.matchAll(/<h2><a href="([^"]*)">/g)].map((match) => match[1]);
    expect(hrefs).toEqual(names.map((name) => `${name}.html`));
    expect(index).toContain("How much faster do two cores read it than one");
    expect(index.match(/data:image\/svg\+xml;base64,/g)).toHaveLength(3);
  });
});
