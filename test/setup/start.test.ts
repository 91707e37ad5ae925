import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Checkout } from "./checkout";
import type { Ended } from "./checkout";

const npmBuild = "npm run -s build";
const retries = "--fetch-retries=2 --fetch-retry-mintimeout=1000 --fetch-retry-factor=2";
const npmCi = `npm ci --no-audit --no-fund --prefer-offline ${retries}`;

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.discard());

/** One line on stderr, which is what a person reads. */
function sentence({ status, stderr }: Ended): string {
  expect(status).toBe(1);
  const lines = stderr.trim().split("\n");
  expect(lines).toHaveLength(1);
  return lines[0];
}

describe("npm start", () => {
  it("installs, builds, registers, makes data and opens the first notebook; then skips", async () => {
    expect(await checkout.start()).toMatchObject({ status: 0, stderr: "" });
    const first = checkout.calls();
    expect(first.slice(0, 5)).toEqual([npmCi, "venv", "pip", npmBuild, "dabbawala data"]);
    expect(first[5]).toContain("default_url=/lab/tree/notebooks/00-start-here.ipynb");
    expect(first[5]).toContain("--port=18899");
    expect(first[5]).toContain("--no-browser");
    expect(checkout.has(".venv/kernel.json")).toBe(true);
    expect(checkout.has(".setup/running")).toBe(false);

    await checkout.start();
    const second = checkout.calls();
    expect(second.slice(0, 2)).toEqual([npmBuild, "dabbawala data"]);
    expect(second).toHaveLength(3);
  });

  it("redoes exactly the step whose inputs changed or whose result is gone", async () => {
    await checkout.start();
    checkout.calls();
    checkout.write("package-lock.json", '{"lockfileVersion": 3}');
    await checkout.start();
    expect(checkout.calls()).toContain(npmCi);
    checkout.remove("node_modules/.package-lock.json");
    await checkout.start();
    expect(checkout.calls()).toContain(npmCi);
    checkout.write("requirements.txt", "jupyterlab==4.6.7\n");
    await checkout.start();
    expect(checkout.calls().slice(0, 2)).toEqual(["venv", "pip"]);
    checkout.remove(".venv/bin/jupyter");
    await checkout.start();
    expect(checkout.calls().slice(0, 2)).toEqual(["venv", "pip"]);
  });

  it.each([
    ["npm", "NPM_HANGS", "SIGINT", npmCi],
    ["pip", "PIP_HANGS", "SIGTERM", "pip"],
  ] as const)("repairs itself after an end in the middle of %s", async (_, what, signal, call) => {
    const ended = await checkout.start({ env: { [what]: "1" }, signalWhenHanging: signal });
    expect(ended.status).toBe(signal === "SIGINT" ? 130 : 143);
    expect(ended.stderr.trim()).toBe(
      "Interrupted: run the same command again, it repairs what is half done.",
    );
    checkout.calls();
    expect((await checkout.start()).status).toBe(0);
    expect(checkout.calls()).toContain(call);
  });

  it("does not take an interrupted update for the finished one before it", async () => {
    await checkout.start();
    checkout.write("package-lock.json", '{"lockfileVersion": 3}');
    await checkout.start({ env: { NPM_HANGS: "1" }, signalWhenHanging: "SIGINT" });
    checkout.write("package-lock.json", "{}");
    checkout.calls();
    await checkout.start();
    expect(checkout.calls()).toContain(npmCi);
  });
});

describe("what is wrong is one sentence with the remedy", () => {
  it("Node too old", async () => {
    checkout.write(
      "old.cjs",
      'Object.defineProperty(process.versions, "node", {value: "18.2.0"});',
    );
    const words = ["-r", `${checkout.root}/lib/setup/node-version.cjs`, "-e", ""];
    const ended = await checkout.run(words, { env: { NODE_OPTIONS: "-r ./old.cjs" } });
    expect(sentence(ended)).toMatch(/^Node 18.2.0 is too old: install Node 20.19 or newer/);
  });

  it("npm missing", async () => {
    checkout.remove("programs/npm");
    expect(sentence(await checkout.start())).toMatch(/^npm was not found: install Node/);
  });

  it("Python missing or too old", async () => {
    const old = await checkout.start({ env: { PYTHON_VERSION: "3.9" } });
    expect(sentence(old)).toMatch(/^Python 3.10 .* only python3 is 3.9 was found: install it/);
    checkout.remove("programs/python3");
    expect(sentence(await checkout.start())).toMatch(/^Python 3.10 .* none was found: install it/);
  });

  it("venv missing", async () => {
    const ended = await checkout.start({ env: { NO_VENV: "1" } });
    expect(sentence(ended)).toMatch(/no working venv module: .*apt install python3-venv/);
  });

  it("no compiled part for this machine", async () => {
    const ended = await checkout.start({ env: { NO_ZEROMQ: "1" } });
    expect(sentence(ended)).toMatch(/^zeromq .* install a C\+\+ compiler and CMake/);
  });

  it("disk full", async () => {
    const ended = await checkout.start({ env: { NPM_SAYS: "npm error code ENOSPC" } });
    expect(sentence(ended)).toBe("The disk is full: free 2 GB, then run this again.");
  });

  it("port taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    const { port } = server.address() as AddressInfo;
    const ended = await checkout.start({ args: ["--port", String(port)] });
    server.close();
    expect(sentence(ended)).toBe(
      `Port ${port} is taken: choose another, as in \`npm start -- --port ${port + 1}\`.`,
    );
    expect(checkout.calls()).toEqual([]);
  });

  it("bad options", async () => {
    const port = await checkout.start({ args: ["--port", "80000"] });
    expect(sentence(port)).toBe('--port takes a whole number from 1 to 65535, not "80000".');
    const unknown = await checkout.start({ args: ["--prot", "1"] });
    expect(sentence(unknown)).toBe(
      "Unknown option '--prot': the options are --port N and --no-browser.",
    );
  });

  it("another set-up at work; one that was killed does not count", async () => {
    await checkout.start();
    checkout.write(".setup/running", String(process.pid));
    expect(sentence(await checkout.start())).toMatch(/^Another set-up .* wait for its end, or/);
    expect(checkout.has(".setup/running")).toBe(true);
    checkout.write(".setup/running", "999999999");
    expect((await checkout.start()).status).toBe(0);
  });

  it("anything else: what the program said, then the sentence", async () => {
    const ended = await checkout.start({ env: { PIP_SAYS: "No matching distribution" } });
    expect(ended.stderr.trim().split("\n")).toEqual([
      "No matching distribution",
      "pip install failed: mend what pip says above, then run this again.",
    ]);
  });
});
