import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelClient } from "./client";
import type { Executed } from "./client";

let folder: string;
let kernel: KernelClient;
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "dabbawala-rebuilt-")));
  mkdirSync(join(folder, "notebooks", "node_modules"), { recursive: true });
  symlinkSync(join(folder, "fares"), join(folder, "notebooks", "node_modules", "fares"));
  describePackage("1.0.0");
  build({ base: 40 });
  kernel = await KernelClient.start({ cwd: join(folder, "notebooks") });
});
afterAll(async () => {
  await kernel.stop();
  rmSync(folder, { recursive: true });
});

function describePackage(version: string): void {
  mkdirSync(join(folder, "fares"), { recursive: true });
  const description = { name: "fares", version, main: "dist/index.js", types: "dist/index.d.ts" };
  writeFileSync(join(folder, "fares", "package.json"), JSON.stringify(description));
}

/** Writes dist as a compiler does: each constant in a file of its own. */
function build(constants: Record<string, number>): void {
  const dist = join(folder, "fares", "dist");
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  const names = Object.keys(constants);
  for (const name of names) {
    writeFileSync(join(dist, `${name}.js`), `exports.${name} = ${constants[name]};`);
    writeFileSync(join(dist, `${name}.d.ts`), `export declare const ${name}: number;`);
  }
  const all = (text: (name: string) => string): string => names.map(text).join("\n");
  writeFileSync(
    join(dist, "index.js"),
    all((name) => `exports.${name} = require("./${name}").${name};`),
  );
  writeFileSync(
    join(dist, "index.d.ts"),
    all((name) => `export * from "./${name}";`),
  );
}

/** The compiler learns of changed files from the system, which takes its time. */
async function untilOk(code: string): Promise<Executed> {
  const deadline = Date.now() + 50_000;
  for (;;) {
    const executed = await kernel.execute(code);
    if (executed.reply.status === "ok" || Date.now() > deadline) return executed;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe("a package that is rebuilt while the kernel is open", () => {
  it("is picked up by the next import, and the cell before says so", async () => {
    const show = 'import { base } from "fares"; console.log(base)';
    expect((await kernel.execute(show)).stdout).toBe("40\n");
    build({ base: 41 });
    const { reply, stdout, stderr } = await kernel.execute("console.log(base)");
    expect(reply.status).toBe("ok");
    expect(stdout).toBe("40\n");
    expect(stderr).toContain("was rebuilt");
    const again = await kernel.execute(show);
    expect(again.stdout).toBe("41\n");
    expect(again.stderr).toBe("");
  });

  it("may get a new file, which the next cell knows, with its types", async () => {
    build({ base: 42, tatkal: 100 });
    const use = 'import { base, tatkal } from "fares"; console.log(base, tatkal)';
    expect((await kernel.execute(use)).stdout).toBe("42 100\n");
  });

  it("may lose a file, which the compiler notices", async () => {
    build({ base: 43 });
    const { reply } = await kernel.execute('import { tatkal } from "fares"; console.log(tatkal)');
    expect(reply.evalue).toContain("has no exported member");
    const base = await kernel.execute('import { base } from "fares"; console.log(base)');
    expect(base.stdout).toBe("43\n");
  });

  it("may get another package.json, and a neighbour", async () => {
    describePackage("1.0.1");
    const neighbour = join(folder, "notebooks", "node_modules", "zones");
    mkdirSync(neighbour);
    writeFileSync(join(neighbour, "package.json"), '{"name":"zones","types":"index.d.ts"}');
    writeFileSync(join(neighbour, "index.js"), "exports.zones = 18;");
    writeFileSync(join(neighbour, "index.d.ts"), "export declare const zones: number;");
    const code =
      'import { base } from "fares"; import { zones } from "zones"; console.log(base + zones)';
    expect((await untilOk(code)).stdout).toBe("61\n");
  });
});
