/** A progress bar that updates in place in a notebook, and prints a line each tenth elsewhere. */
import { isInNotebook, publish } from "./display";
import { escapeHtml } from "./table";

/** At most ten updates a second. */
const minGapMs = 100;
let nextId = 1;

export interface ProgressOptions {
  /** The clock in ms; default performance.now. */
  readonly now?: () => number;
  /** Called with what to show; default: the notebook's output, or a line of text. */
  readonly draw?: (text: string, fraction: number, isFirst: boolean) => void;
}

/**
 * A function for the `onProgress` of anything in the library. It shows what is done, the rate and
 * the time left; the last state, when done reaches total, tells the total alone, so that a
 * notebook's stored output is the same on every run.
 */
export function progress(
  label: string,
  options: ProgressOptions = {},
): (done: number, total: number) => void {
  const now = options.now ?? (() => performance.now());
  const draw = options.draw ?? drawer();
  const startMs = now();
  let drawnMs = -Infinity;
  return (done, total) => {
    const isLast = done >= total;
    if (!isLast && now() - drawnMs < minGapMs) return;
    const isFirst = drawnMs === -Infinity;
    drawnMs = now();
    const state = isLast ? { done, total } : { done, total, elapsedMs: drawnMs - startMs };
    draw(describe(label, state), total === 0 ? 1 : done / total, isFirst);
  };
}

function describe(
  label: string,
  { done, total, elapsedMs }: { done: number; total: number; elapsedMs?: number },
): string {
  const count = (value: number): string => Math.round(value).toLocaleString("en-US");
  if (elapsedMs === undefined) return `${label}: ${count(total)} done`;
  const perSecond = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0;
  const left = perSecond > 0 ? `, ${Math.ceil((total - done) / perSecond)} s left` : "";
  return `${label}: ${count(done)} of ${count(total)}, ${count(perSecond)} a second${left}`;
}

function drawer(): (text: string, fraction: number, isFirst: boolean) => void {
  const id = `dabbawala-progress-${nextId++}`;
  let tenth = 0;
  return (text, fraction, isFirst) => {
    if (isInNotebook()) {
      const bar = `<progress value="${fraction.toFixed(3)}" max="1"></progress>`;
      const html = `${bar} ${escapeHtml(text)}`;
      return publish({ "text/html": html, "text/plain": text }, { id, isFirst });
    }
    if (Math.floor(fraction * 10) <= tenth) return;
    tenth = Math.floor(fraction * 10);
    process.stdout.write(text + "\n");
  };
}
