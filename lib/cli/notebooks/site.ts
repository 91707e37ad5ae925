/**
 * The book as a site that opens without a network: a page a notebook with previous, index and next,
 * links that stay inside the site, linked source files beside it, and an index with pictures.
 */
import { copyFileSync, existsSync, mkdirSync, statSync, writeFileSync } from "fs";
import { basename, dirname, join, relative, resolve } from "path";
import { checkout, joined } from "./notebook";
import type { Notebook } from "./notebook";
import { escapeText, indexPage, navigation, style } from "./site-text";
import type { Neighbour } from "./site-text";

/** A notebook that has run, with the HTML that nbconvert made of it. */
export interface SitePage {
  readonly file: string;
  readonly notebook: Notebook;
  readonly rawHtml: string;
  readonly seconds: number;
}

/** Writes the site of the pages, in their order, into `folder`. Returns the file of its index. */
export function writeSite(folder: string, pages: readonly SitePage[]): string {
  mkdirSync(folder, { recursive: true });
  const names = new Set(pages.map(({ file }) => basename(file)));
  for (const [at, page] of pages.entries()) {
    const [before, after] = [pages[at - 1], pages[at + 1]].map(neighbour);
    const bar = navigation(before, after);
    const html = withLinks(withFolds(withoutNetwork(page.rawHtml), page.notebook), {
      folder,
      from: dirname(page.file),
      names,
    })
      .replace(/<title>[^<]*<\/title>/, `<title>${escapeText(titleOf(page.notebook))}</title>`)
      .replace("</head>", () => `${style}</head>`)
      .replace(/<body[^>]*>/, (body) => `${body}${bar}`)
      .replace("</body>", () => `${bar}</body>`);
    writeFileSync(join(folder, pageName(page.file)), html);
  }
  const index = join(folder, "index.html");
  const entries = pages.map(({ file, notebook, seconds }) => {
    return { href: pageName(file), title: titleOf(notebook), ...shortOf(notebook), seconds };
  });
  writeFileSync(index, indexPage(entries));
  return index;
}

function pageName(file: string): string {
  return `${basename(file, ".ipynb")}.html`;
}

function neighbour(page: SitePage | undefined): Neighbour | undefined {
  return page && { href: pageName(page.file), title: titleOf(page.notebook) };
}

function titleOf(notebook: Notebook): string {
  const prose = notebook.cells.filter((cell) => cell.cell_type === "markdown");
  const text = prose.map((cell) => joined(cell.source)).join("\n");
  return /^# (.+)$/m.exec(text)?.[1] ?? "Untitled";
}

/** The question of a notebook, else its first paragraph; and its first picture, as SVG text. */
function shortOf(notebook: Notebook): { question: string; picture?: string } {
  const prose = notebook.cells.filter((cell) => cell.cell_type === "markdown");
  const text = prose.map((cell) => joined(cell.source)).join("\n\n");
  const asked = /^## Question\s+(.+)$/m.exec(text)?.[1];
  const first = text.split(/\n\s*\n/).find((part) => !/^(#|Previous|Next|Index|Topic)/.test(part));
  const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []) as readonly {
    readonly data?: Readonly<Record<string, string | readonly string[]>>;
  }[];
  const picture = outputs.map(({ data }) => data?.["image/svg+xml"]).find((svg) => svg);
  return {
    question: (asked ?? first ?? "").replace(/[*`_]|\[([^\]]*)\]\([^)]*\)/g, "$1"),
    ...(picture && { picture: joined(picture) }),
  };
}

/** Without the scripts that nbconvert would load from elsewhere and that this page does not use. */
function withoutNetwork(html: string): string {
  const bare = html.replace(/<script src="">\s*<\/script>/g, "");
  if (bare.includes('class="jp-Mermaid"')) return bare;
  return bare.replace(/<script type="module">[\s\S]*?<\/script>/g, "");
}

/** Solutions are folded here as in JupyterLab. */
function withFolds(html: string, notebook: Notebook): string {
  const hidden = notebook.cells.filter((cell) => cell.metadata.jupyter?.source_hidden === true);
  if (hidden.length === 0) return html;
  const ids = JSON.stringify(hidden.map((cell) => `cell-id=${cell.id}`));
  const script = `<script>
for (const id of ${ids}) {
  const fold = document.createElement("details");
  const cell = document.getElementById(id);
  cell.replaceWith(fold);
  fold.innerHTML = "<summary>Solution</summary>";
  fold.append(cell);
}
</script>`;
  return html.replace("</body>", () => `${script}</body>`);
}

interface LinkOptions {
  readonly folder: string;
  /** The folder of the notebook, from which its links are told. */
  readonly from: string;
  /** The notebooks of the site. */
  readonly names: ReadonlySet<string>;
}

function withLinks(html: string, options: LinkOptions): string {
  return html.replace(/href="([^"#:]+)(#[^"]*)?"/g, (_all, target: string, anchor = "") => {
    return `href="${linkTo(target, options)}${anchor}"`;
  });
}

/** Notebooks of the site by page; a file of the checkout as a copy; the rest where it lies. */
function linkTo(target: string, { folder, from, names }: LinkOptions): string {
  if (target.endsWith(".ipynb") && names.has(basename(target))) return pageName(target);
  const file = resolve(from, decodeURIComponent(target));
  const inside = relative(checkout, file);
  if (!existsSync(file) || inside.startsWith("..")) return target;
  if (statSync(file).isDirectory()) return relative(folder, file);
  const copy = join("files", `${inside}.txt`);
  mkdirSync(dirname(join(folder, copy)), { recursive: true });
  copyFileSync(file, join(folder, copy));
  return copy.replace(/\\/g, "/");
}
