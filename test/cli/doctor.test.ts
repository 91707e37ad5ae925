import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lineOf } from "dabbawala/dist/cli/doctor";
import { findPlots, findKernelAnswer, judgeAnswer } from "dabbawala/dist/cli/doctor/answers";
import * as checkout from "dabbawala/dist/cli/doctor/checkout";
import { findCompiler, findNode, findPython } from "dabbawala/dist/cli/doctor/programs";

const repository = join(__dirname, "..", "..");

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "dabbawala-doctor-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, content: unknown): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), typeof content === "string" ? content : JSON.stringify(content));
}

describe("the doctor on this checkout", () => {
  it("finds all well, asks the kernel and says so in one line a thing", () => {
    const program = join(repository, "lib", "bin", "dabbawala.cjs");
    const { status, stdout } = spawnSync(process.execPath, [program, "doctor"], {
      encoding: "utf8",
    });
    expect(stdout).toMatch(/^ok +kernel answers +1 \+ 1 = 2; ready in [\d.]+ s/m);
    expect(stdout).toMatch(/^ok +plots +SVG of \d+ bytes$/m);
    expect(stdout).toMatch(/All is well\.\n$/);
    expect(status).toBe(0);
  }, 180_000);
});

describe("programs", () => {
  it("knows what is too old", () => {
    expect(findNode("20.19.0").kind).toBe("ok");
    expect(findNode("22.1.0").kind).toBe("ok");
    expect(findNode("20.18.3")).toMatchObject({ kind: "problem", found: "20.18.3, too old" });
    const path = process.env["PATH"];
    process.env["PATH"] = root;
    try {
      expect(findPython()).toMatchObject({ kind: "problem", found: "not found" });
      writeFileSync(join(root, "python3"), "#!/bin/sh\necho 3.9.1\n", { mode: 0o755 });
      expect(findPython()).toMatchObject({ found: "too old: python3 is 3.9.1" });
      expect(findCompiler(true)).toMatchObject({ kind: "ok", found: "none; not needed" });
      expect(findCompiler(false).remedy).toBe("install a C++ compiler and CMake");
    } finally {
      process.env["PATH"] = path;
    }
  });
});

describe("packages", () => {
  const lock = {
    packages: {
      "": {},
      "node_modules/a": { version: "1.0.0" },
      "node_modules/other-machine": { version: "1.0.0", optional: true },
    },
  };
  const installed = { packages: { "node_modules/a": { version: "1.0.0" } } };

  it("compares what is installed with what is locked", () => {
    expect(checkout.findPackages(root)).toMatchObject({ found: "not installed" });
    write("package-lock.json", lock);
    write("node_modules/.package-lock.json", installed);
    expect(checkout.findPackages(root)).toMatchObject({ kind: "ok", found: "1, as locked" });
    const newer = { packages: { ...lock.packages, "node_modules/b": { version: "2.0.0" } } };
    write("package-lock.json", newer);
    expect(checkout.findPackages(root)).toMatchObject({
      kind: "problem",
      found: "1 differ from the lock file, first b",
    });
  });

  it("sees a compiled part that does not load", () => {
    write("package.json", {});
    expect(checkout.findCompiledParts(root).found).toMatch(/^zeromq does not load: Cannot find/);
    expect(checkout.findCompiledParts(repository).kind).toBe("ok");
  });
});

describe("the library", () => {
  it("is that of the sources, or not", () => {
    expect(checkout.findBuild(root)).toMatchObject({ found: "not built" });
    const text = "export const one = 1;\n";
    const version = createHash("sha256").update(text).digest("hex");
    const notes = { fileNames: ["../one.ts"], fileInfos: [version] };
    write("lib/one.ts", text);
    write("lib/dist/index.js", "");
    write("lib/dist/.tsbuildinfo", { program: { ...notes, semanticDiagnosticsPerFile: [0] } });
    expect(checkout.findBuild(root).kind).toBe("ok");
    write("lib/one.ts", "export const one = 2;\n");
    expect(checkout.findBuild(root).found).toBe("1 sources changed since, first lib/one.ts");
    write("lib/dist/.tsbuildinfo", { program: { ...notes, semanticDiagnosticsPerFile: [[0]] } });
    expect(checkout.findBuild(root)).toMatchObject({ kind: "problem", found: "does not compile" });
  });
});

describe("Jupyter and the kernel", () => {
  it("need .venv", () => {
    const python = join(root, ".venv", "bin", "python");
    expect(checkout.findJupyter(root, python).found).toBe("no .venv");
    expect(findKernelAnswer(root, python).kind).toBe("problem");
    expect(checkout.findKernelSpec(root)).toMatchObject({ found: "not registered" });
  });

  it("must be registered for this checkout and a Node that exists", () => {
    const spec = ".venv/share/jupyter/kernels/tslab/kernel.json";
    const launcher = join(root, "lib", "dist", "kernel", "launch.js");
    write(spec, { argv: [process.execPath, launcher] });
    expect(checkout.findKernelSpec(root).kind).toBe("ok");
    write(spec, { argv: [process.execPath, "/elsewhere/launch.js"] });
    expect(checkout.findKernelSpec(root).found).toBe("registered for another checkout");
    write(spec, { argv: ["/gone/node", launcher] });
    expect(checkout.findKernelSpec(root).found).toBe("registered with /gone/node, which is gone");
  });

  it("must give 2 for 1 + 1, and plots must have lines", async () => {
    expect(judgeAnswer({ answer: "2", start: 1.24, cell: 0.1 })).toMatchObject({
      found: "1 + 1 = 2; ready in 1.2 s, cell in 100 ms",
    });
    expect(judgeAnswer({ answer: "", start: 1, cell: 1 }).kind).toBe("problem");
    expect((await findPlots()).kind).toBe("ok");
  });
});

describe("data and disk", () => {
  it("tells what is there and what is short", () => {
    expect(checkout.findData(join(root, "none")).kind).toBe("note");
    write("some/irctc-10-1.csv", "x".repeat(2e6));
    expect(checkout.findData(join(root, "some")).found).toBe("irctc-10-1.csv (2 MB)");
    expect([0.5, 3, 50].map((gb) => checkout.judgeDisk(gb).kind)).toEqual([
      "problem",
      "note",
      "ok",
    ]);
    expect(lineOf("disk", checkout.judgeDisk(0.5))).toBe(
      "problem  disk               0.5 GB free -> free at least 1 GB",
    );
  });
});
