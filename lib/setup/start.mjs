// `npm start [-- --no-browser] [--port N]`: the set-up, the default data sets, then JupyterLab.
import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { environment, root, stop, venvPython } from "./checkout.mjs";
import { setUp } from "./steps.mjs";

const { port, isBrowserless } = readOptions();
await checkPort(port);
await setUp();
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
    return stop(`${error.message.split(". ")[0]}: the options are --port N and --no-browser.`);
  }
}

/** Before the long part, so that a taken port is not found out minutes later. */
function checkPort(wanted) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", ({ code }) => {
      const why = code === "EACCES" ? "is reserved for the administrator" : "is taken";
      const other = code === "EACCES" || wanted === 65_535 ? 8899 : wanted + 1;
      stop(`Port ${wanted} ${why}: choose another, as in \`npm start -- --port ${other}\`.`);
    });
    probe.listen(wanted, "localhost", () => probe.close(resolve));
  });
}

function makeData() {
  const startMs = Date.now();
  const program = join(root, "lib", "bin", "dabbawala.cjs");
  const result = spawnSync(process.execPath, [program, "data"], { cwd: root, stdio: "inherit" });
  if (result.status !== 0) stop("The data sets could not be made: see the message above.");
  console.log(`ok     data sets (${((Date.now() - startMs) / 1000).toFixed(1)} s)`);
}

function startLab() {
  const args = [
    "-m",
    "jupyterlab",
    "--LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb",
    "--Application.log_level=ERROR",
    `--port=${port}`,
    "--ServerApp.port_retries=0",
    `--ServerApp.root_dir=${root}`,
    ...(isBrowserless ? ["--no-browser"] : []),
    ...(process.getuid?.() === 0 ? ["--allow-root"] : []),
  ];
  const lab = spawn(venvPython, args, { cwd: root, stdio: "inherit", env: environment() });
  process.on("SIGINT", () => {}); // JupyterLab hears Ctrl-C itself and asks
  process.on("SIGTERM", () => lab.kill("SIGTERM"));
  lab.on("exit", (code) => process.exit(code ?? 0));
}
