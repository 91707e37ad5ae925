/** The two things that only a run can tell: the kernel answers, and plots are drawn. */
import { spawnSync } from "child_process";
import { existsSync } from "fs";
import { join } from "path";
import { lineChart } from "../../figures";
import { ok, problem } from "./finding";
import type { Finding } from "./finding";

/** Starts the registered kernel in the notebooks' folder, as JupyterLab would, and runs a cell. */
export function findKernelAnswer(root: string, python: string): Finding {
  const driver = join(root, "lib", "cli", "doctor", "kernel.py");
  if (!existsSync(python)) return problem("cannot be asked without .venv", "run `npm start`");
  const result = spawnSync(python, [driver, join(root, "notebooks")], {
    encoding: "utf8",
    timeout: 90_000,
    env: { ...process.env, JUPYTER_PREFER_ENV_PATH: "1", PYTHONWARNINGS: "ignore" },
  });
  if (result.status !== 0) {
    const [why = "no answer"] = result.stderr.trim().split("\n").slice(-1);
    return problem(why, "run `npm start`; the message names what the kernel lacks");
  }
  const lines = result.stdout.trim().split("\n");
  return judgeAnswer(JSON.parse(lines[lines.length - 1] ?? "") as KernelAnswer);
}

interface KernelAnswer {
  readonly answer: string;
  /** Seconds until the kernel was ready, and until the cell was done. */
  readonly start: number;
  readonly cell: number;
}

export function judgeAnswer({ answer, start, cell }: KernelAnswer): Finding {
  if (answer !== "2") return problem(`1 + 1 gave "${answer}"`, "run `npm run build`");
  return ok(`1 + 1 = 2; ready in ${start.toFixed(1)} s, cell in ${(cell * 1000).toFixed(0)} ms`);
}

/** Draws a chart of two points as SVG, without a browser. */
export async function findPlots(): Promise<Finding> {
  const data = [
    { x: 1, y: 1 },
    { x: 2, y: 4 },
  ];
  const axis = (field: string): { field: string; title: string } => ({ field, title: field });
  try {
    const options = { data, x: axis("x"), y: axis("y"), title: "two", caption: "points" };
    const svg = await lineChart(options).toSvg();
    if (svg.startsWith("<svg") && svg.includes("<path")) return ok(`SVG of ${svg.length} bytes`);
    return problem("the SVG is empty", "run `npm start`");
  } catch (error) {
    return problem(`none: ${(error as Error).message}`, "run `npm start`");
  }
}
