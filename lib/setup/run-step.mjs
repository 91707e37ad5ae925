import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environment, notes, root } from "./checkout.mjs";

/**
 * Runs a program with a line that says what it does and for how long. Its output is kept in
 * .setup/<label>.log and returned; what to do about a failure is the caller's affair.
 * Ctrl-C ends the program and the set-up.
 */
export async function runStep(label, program, args) {
  const startMs = Date.now();
  const seconds = () => ((Date.now() - startMs) / 1000).toFixed(1);
  const show = () => process.stdout.write(`\r       ${label} ... ${seconds().split(".")[0]} s `);
  const isTerminal = process.stdout.isTTY === true;
  const ticking = isTerminal ? setInterval(show, 500) : undefined;
  const { isOk, output } = await outputOf(program, args);
  clearInterval(ticking);
  const log = join(notes, `${label.replace(/[^a-z0-9]+/gi, "-")}.log`);
  mkdirSync(notes, { recursive: true });
  writeFileSync(log, output);
  console.log(
    `${isTerminal ? "\r" : ""}${isOk ? "ok    " : "FAILED"} ${label} (${seconds()} s)   `,
  );
  return { isOk, output };
}

/** The last lines of a program's output, for a failure that nobody foresaw. */
export function endOf(output, lines = 40) {
  return output.trimEnd().split("\n").slice(-lines).join("\n");
}

function outputOf(program, args) {
  return new Promise((resolve) => {
    const pieces = [];
    // Before the child is there: a signal may come as soon as it is.
    const removeHandlers = endOnInterrupt(() => child);
    const child = spawn(program, args, {
      cwd: root,
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const finish = (isOk) => {
      removeHandlers();
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

/** Waits for the child's end, so that nothing is still being written when this program ends. */
function endOnInterrupt(childOf) {
  const interrupt = (signal) => {
    const child = childOf();
    console.error("\nInterrupted: run the same command again, it repairs what is half done.");
    child.removeAllListeners("close");
    child.once("close", () => process.exit(signal === "SIGINT" ? 130 : 143));
    child.kill(signal);
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  return () => process.removeListener("SIGINT", interrupt).removeListener("SIGTERM", interrupt);
}
