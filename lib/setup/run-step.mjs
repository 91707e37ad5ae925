import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environment, notes, root } from "./checkout.mjs";

/** The steps under way, with the time of their start. */
const running = new Map();

/**
 * Runs a program with a line that says what it does and for how long. Its output is kept in
 * .setup/<label>.log and returned; what to do about a failure is the caller's affair. Several may
 * run at once. Ctrl-C ends the programs and the set-up.
 */
export async function runStep(label, program, args) {
  const startMs = Date.now();
  running.set(label, startMs);
  const isTerminal = process.stdout.isTTY === true;
  const ticking = isTerminal ? setInterval(show, 500) : undefined;
  const { isOk, output } = await outputOf(program, args);
  clearInterval(ticking);
  running.delete(label);
  const log = join(notes, `${label.replace(/[^a-z0-9]+/gi, "-")}.log`);
  mkdirSync(notes, { recursive: true });
  writeFileSync(log, output);
  const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
  console.log(
    `${isTerminal ? clearLine : ""}${isOk ? "ok    " : "FAILED"} ${label} (${seconds} s)`,
  );
  return { isOk, output };
}

const clearLine = "\r\x1b[K";

/** What runs now, in one line that is written over the last one. */
function show() {
  const texts = [...running].map(([label, startMs]) => {
    return `${label} ... ${Math.floor((Date.now() - startMs) / 1000)} s`;
  });
  process.stdout.write(`${clearLine}       ${texts.join(", ")} `);
}

/** The last lines of a program's output, for a failure that nobody foresaw. */
export function endOf(output, lines = 40) {
  return output.trimEnd().split("\n").slice(-lines).join("\n");
}

/** The programs that run now. */
const children = new Set();

function outputOf(program, args) {
  return new Promise((resolve) => {
    const pieces = [];
    // Before the child is there: a signal may come as soon as it is.
    if (children.size === 0) process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
    const child = spawn(program, args, {
      cwd: root,
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.add(child);
    const finish = (isOk) => {
      children.delete(child);
      if (children.size === 0) process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      resolve({ isOk, output: pieces.join("") });
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => pieces.push(text));
    }
    child.once("error", (error) => {
      pieces.push(String(error));
      finish(false);
    });
    child.once("close", (code) => finish(code === 0));
  });
}

/** Waits for the programs' end, so that nothing is still being written when this one ends. */
function interrupt(signal) {
  console.error("\nInterrupted: run the same command again, it repairs what is half done.");
  for (const child of children) {
    child.removeAllListeners("close");
    child.once("close", () => {
      children.delete(child);
      if (children.size === 0) process.exit(signal === "SIGINT" ? 130 : 143);
    });
    child.kill(signal);
  }
}
