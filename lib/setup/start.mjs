// `npm start [-- --no-browser] [--port N]`: the set-up, the default data sets, then JupyterLab.
import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { environment, root, setUp, stop } from "./steps.mjs";

const { port, isBrowserless } = readOptions();
setUp();
await checkPort(port);
makeData();
startLab();

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { port: { type: "string", default: "8888" }, "no-browser": { type: "boolean" } },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      stop(`--port takes a whole number from 1 to 65535, not "${values.port}".`);
    }
    return { port, isBrowserless: values["no-browser"] === true };
  } catch (error) {
    return stop(`${error.message} Known options: --port N, --no-browser.`);
  }
}

function checkPort(wanted) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => {
      stop(`Port ${wanted} is taken: choose another with \`npm start -- --port ${wanted + 1}\`.`);
    });
    probe.listen(wanted, "127.0.0.1", () => probe.close(resolve));
  });
}

function makeData() {
  const program = join(root, "lib", "bin", "dabbawala.cjs");
  const result = spawnSync(process.execPath, [program, "data"], { cwd: root, stdio: "inherit" });
  if (result.status !== 0) stop("The data sets could not be made: see the message above.");
}

function startLab() {
  const args = [
    "lab",
    "notebooks/00-start-here.ipynb",
    `--port=${port}`,
    "--ServerApp.port_retries=0",
    `--ServerApp.root_dir=${root}`,
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ...(isBrowserless ? ["--no-browser"] : []),
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
  ];
  const lab = spawn("jupyter", args, { cwd: root, stdio: "inherit", env: environment() });
  process.on("SIGINT", () => {}); // JupyterLab hears Ctrl-C itself and asks
  process.on("SIGTERM", () => lab.kill("SIGTERM"));
  lab.on("exit", (code) => process.exit(code ?? 0));
}
