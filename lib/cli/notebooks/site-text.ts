/** The texts of the site: navigation bar, index, style. */

export interface Neighbour {
  readonly href: string;
  readonly title: string;
}

export interface IndexEntry extends Neighbour {
  readonly question: string;
  /** SVG text. */
  readonly picture?: string;
  readonly seconds: number;
}

export const style = `<style>
.book-bar { display: flex; gap: 1rem; justify-content: space-between; max-width: 60rem;
  margin: 0 auto; padding: .7rem 1rem; font: 15px/1.5 system-ui, sans-serif; }
.book-bar > * { flex: 1; } .book-bar > :nth-child(2) { text-align: center; }
.book-bar > :last-child { text-align: right; }
.jp-RenderedMarkdown .highlight pre { font-family: monospace; padding: .5rem;
  background: #f5f5f5; border: 1px solid #e0e0e0; }
main { max-width: 60rem; margin: 0 auto; }
details { margin: 1rem; font: 15px/1.5 system-ui, sans-serif; }
</style>`;

export function navigation(before?: Neighbour, after?: Neighbour): string {
  const link = (to: Neighbour | undefined, left: string, right: string): string =>
    to ? `<a href="${to.href}">${left}${escapeText(to.title)}${right}</a>` : "";
  return `<nav class="book-bar" aria-label="Book"><span>${link(before, "← ", "")}</span>
<span><a href="index.html">Index</a></span><span>${link(after, "", " →")}</span></nav>`;
}

export function indexPage(entries: readonly IndexEntry[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>dabbawala</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 17px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 3rem auto; padding: 0 1rem;
  color: #222; background: #fff; }
ol { list-style: none; padding: 0; }
li { display: flex; gap: 1.5rem; padding: 1.2rem 0; border-top: 1px solid #ddd; }
li > div { flex: 1; } h2 { font-size: 1.15rem; margin: 0; } p { margin: .3rem 0; }
img { width: 15rem; height: 9rem; object-fit: contain; } small { color: #666; }
</style></head><body><h1>dabbawala</h1>
<p>Distributed computing in notebooks that run: each one asks a question, runs the real algorithm,
measures it, and breaks it.</p>
<ol>
${entries.map(indexLine).join("\n")}
</ol></body></html>
`;
}

function indexLine({ href, title, question, picture, seconds }: IndexEntry): string {
  const source = picture && `data:image/svg+xml;base64,${Buffer.from(picture).toString("base64")}`;
  const image = source ? `<a href="${href}"><img alt="" src="${source}"></a>` : "";
  const text = `<h2><a href="${href}">${escapeText(title)}</a></h2><p>${escapeText(question)}</p>`;
  return `<li><div>${text}<small>ran in ${seconds.toFixed(0)} s</small></div>${image}</li>`;
}

export function escapeText(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
}
