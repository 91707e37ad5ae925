import { Random } from "../../basics";
import type { Spec } from "../data-set";

/** Ways in which a log line gets broken: cut short, a field lost, a number that is none. */
const faultKinds = ["truncated", "missing-field", "not-a-number"] as const;

/** Breaks the share `spec.faults` of the lines; the truth names each by its row number from 0. */
export function plantFaults(
  bytes: Uint8Array,
  spec: Spec,
  firstRow: number,
): { bytes: Uint8Array; truth: string } {
  const random = new Random(spec.seed, firstRow + 0x7fff_0000);
  const lines = Buffer.from(bytes).toString("latin1").split("\n");
  let truth = "";
  for (let i = 0; i < lines.length - 1; i++) {
    if (!random.chance(spec.faults ?? 0)) continue;
    const fault = random.pick(faultKinds);
    lines[i] = breakLine(lines[i] as string, fault, random);
    truth += JSON.stringify({ row: firstRow + i, fault }) + "\n";
  }
  return { bytes: Buffer.from(lines.join("\n"), "latin1"), truth };
}

function breakLine(line: string, fault: (typeof faultKinds)[number], random: Random): string {
  switch (fault) {
    case "truncated":
      return line.slice(0, 10 + random.below(20));
    case "missing-field":
      return line.slice(line.indexOf(",") + 1);
    case "not-a-number":
      return line
        .replace(/(\d+)(,[^,]*,[^,]*,[^,]*)$/, "NaN$2")
        .replace(/("response_ms":)\d+/, "$1NaN");
  }
}
