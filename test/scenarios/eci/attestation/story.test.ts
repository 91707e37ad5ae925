/** Scripted runs as text: ECI_STORY=write writes the files anew. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isCertificate, isProven, simulateAttestation } from "dabbawala/scenarios/eci";
import type { AttestationRun, AttestationSimulation } from "dabbawala/scenarios/eci";

const totals = [
  { machine: "CU1", form_17c: 648, total: 648, nota: 3, votes: "312;288;45" },
  { machine: "CU2", form_17c: 500, total: 500, nota: 5, votes: "99;380;16" },
];

/** What was noted, in order, with times. */
function textOf({ trace }: AttestationRun): string {
  return trace
    .flatMap(({ atMs, node, event, effects }) => {
      const notes = effects.flatMap((effect) => (effect.kind === "note" ? [effect] : []));
      const lines = notes.map(({ label, detail }) => `${label} ${JSON.stringify(detail)}`);
      if (event.kind === "fault") lines.unshift(`-- ${event.label}`);
      return lines.map((line) => `${atMs.toFixed(0).padStart(5)} ms  ${node} ${line}\n`);
    })
    .join("")
    .replace(/"/g, "");
}

function matches(name: string, options: Omit<AttestationSimulation, "totals">): AttestationRun {
  const run = simulateAttestation({ totals, untilMs: 1_500, ...options });
  const file = join(__dirname, `${name}.story.txt`);
  const text = textOf(run);
  if (process.env["ECI_STORY"] === "write" || !existsSync(file)) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, "utf8"));
  return run;
}

it("a centre adds votes in all its machines, and all others name it", () => {
  const { book, certificates, evidence, named } = matches("liar", {
    centres: 4,
    lies: { n3: ["falseTotal"] },
  });
  expect(new Set(named.map(({ liar }) => liar))).toEqual(new Set(["n3"]));
  expect(isProven(book, evidence.get("n3") as never)).toBe(true);
  expect([...certificates.values()].every((each) => isCertificate(book, each))).toBe(true);
  expect(certificates.size).toBe(2);
});

it("two of seven centres are cut off: all stands without them, and then at them too", () => {
  const cut = { centres: ["n6", "n7"], fromMs: 1, untilMs: 600 };
  const { stood } = matches("cut-off", { cut });
  const early = stood.filter(({ atMs }) => atMs < 600).map(({ centre }) => centre);
  expect(new Set(early)).toEqual(new Set(["n1", "n2", "n3", "n4", "n5"]));
  expect(stood).toHaveLength(2 * 7);
});

it("a stolen key: one total stands, or none, and the machine has to be counted again", () => {
  const stolen = [{ ...totals[0], total: 748, votes: "412;288;45" }] as typeof totals;
  const { stood, named } = matches("stolen-key", { lies: { n2: ["collude"] }, stolen });
  const of = stood.filter(({ machine }) => machine === "CU1").map(({ total }) => total);
  expect(new Set(of).size).toBeLessThan(2);
  expect(new Set(named.map(({ liar }) => liar))).toEqual(new Set(["CU1"]));
});
