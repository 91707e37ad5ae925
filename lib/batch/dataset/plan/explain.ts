/** A plan as text, and as a picture for the figure `dag`. */
import { ancestry } from "../lineage";
import type { Lineage } from "../lineage";
import type { Picture } from "./picture";
import { stagesOf } from "./stages";
import type { Stage } from "./stages";

/** One line a step, stage by stage, in the order in which they run. */
export function explain(target: Lineage): string {
  const lines: string[] = [];
  for (const stage of stagesOf(target)) {
    const after = stage.parents.length === 0 ? "" : `, after ${stage.parents.join(", ")}`;
    lines.push(`${stage.name}: ${tasks(stage.partitions)}${after}`);
    for (const step of stage.steps) lines.push(`  ${describe(step)}`);
    lines.push(`  -> ${endOf(stage, target)}`);
  }
  return lines.join("\n");
}

function tasks(count: number): string {
  return count === 1 ? "1 task" : `${count} tasks`;
}

function describe(step: Lineage): string {
  const notes: string[] = [];
  for (const parent of step.parents) {
    if (parent.kind === "wide") notes.push("reads a shuffle");
    else if (step.isByKey === true && step.parents.length > 1)
      notes.push("shared out alike: narrow");
  }
  if (step.cache !== undefined) notes.push(`cached, ${step.cache} when full`);
  const told = [...new Set(notes)].join("; ");
  return `${step.name} (${step.partitions})${told === "" ? "" : `: ${told}`}`;
}

function endOf({ shuffle, steps }: Stage, target: Lineage): string {
  if (shuffle === undefined) return "the action";
  for (const reader of ancestry(target)) {
    for (const parent of reader.parents) {
      if (parent.kind !== "wide" || parent.shuffle !== shuffle) continue;
      return `${sharingText(parent.sharing)} for ${reader.name}`;
    }
  }
  return `${steps.length} steps`;
}

function sharingText(sharing: { kind: string; combine?: unknown; isOnBytes?: boolean }): string {
  switch (sharing.kind) {
    case "byKey":
      return sharing.combine === undefined
        ? "shared out by key"
        : "combined by key, then shared out by key";
    case "byColumns":
      return sharing.isOnBytes === true
        ? "lowered: grouped on the bytes of the CSV lines, no row is made"
        : "grouped by the fields of rows";
    case "byRange":
      return "shared out by ranges of the key";
    case "byRow":
      return "shared out by the whole row, each once";
    default:
      return "shared out in turns";
  }
}

/** Steps are boxes, coloured by their stage. */
export function pictureOf(target: Lineage): Picture {
  const stages = stagesOf(target);
  const stageOf = new Map<number, string>();
  for (const { steps, name } of stages) {
    for (const { id } of steps) if (!stageOf.has(id)) stageOf.set(id, name);
  }
  const steps = ancestry(target);
  return {
    nodes: steps.map(({ id, name, partitions, cache }) => {
      const detail = `${partitions} partitions${cache === undefined ? "" : ", cached"}`;
      return { id: `${id}`, label: name, detail, kind: stageOf.get(id) ?? "" };
    }),
    edges: steps.flatMap(({ id, parents }) =>
      parents.map((parent) => {
        const ends = { from: `${parent.of.id}`, to: `${id}` };
        return parent.kind === "wide" ? { ...ends, label: "shuffle" } : ends;
      }),
    ),
  };
}
