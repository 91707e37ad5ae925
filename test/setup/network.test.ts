/**
 * The real npm and pip with a registry that nobody serves: what they print changes over the years.
 */
import { afterEach, beforeEach, expect, it } from "vitest";
import { Checkout } from "./checkout";

/** npm waits between its attempts, and a busy machine needs long to make a venv. */
const patienceMs = 180_000;
const nobody = "http://127.0.0.1:9/";
const path = process.env["PATH"] ?? "";

let checkout: Checkout;
beforeEach(() => {
  checkout = new Checkout();
});
afterEach(() => checkout.discard());

it(
  "names the npm registry when it cannot be reached",
  async () => {
    const entry = {
      version: "1.0.0",
      resolved: "https://registry.npmjs.org/left/-/left-1.0.0.tgz",
    };
    const dependencies = { left: "1.0.0" };
    const packages = { "": { name: "x", dependencies }, "node_modules/left": entry };
    checkout.write("package.json", JSON.stringify({ name: "x", dependencies }));
    checkout.write("package-lock.json", JSON.stringify({ lockfileVersion: 3, packages }));
    checkout.remove("programs/npm");
    const env = {
      PATH: path,
      npm_config_registry: nobody,
      npm_config_cache: `${checkout.root}/npm-cache`,
    };
    const { status, stderr } = await checkout.start({ env });
    expect(stderr).toMatch(/^The npm registry cannot be reached: .*, then run this again\.\n$/);
    expect(status).toBe(1);
  },
  patienceMs,
);

it(
  "names the Python package index when it cannot be reached",
  async () => {
    checkout.remove("programs/python3");
    const env = {
      PATH: `${checkout.programs}:${path}`,
      PIP_INDEX_URL: nobody,
      PIP_NO_CACHE_DIR: "1",
    };
    const { status, stderr } = await checkout.start({ env });
    expect(stderr).toMatch(
      /^The Python package index cannot be reached: .*, then run this again\.\n$/,
    );
    expect(status).toBe(1);
  },
  patienceMs,
);
