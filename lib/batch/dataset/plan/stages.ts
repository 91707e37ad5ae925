/**
 * A lineage cut at its shuffles. Source: Zaharia et al. 2012, section 5.1 and figure 5: "each stage
 * contains as many pipelined transformations with narrow dependencies as possible".
 */
import type { Lineage } from "../lineage";

export interface Stage {
  /** "stage 1" is the first to run. */
  readonly name: string;
  /** What its tasks write for; undefined: the action. */
  readonly shuffle: number | undefined;
  /** Parents first; the last one is what the tasks compute. */
  readonly steps: readonly Lineage[];
  readonly partitions: number;
  /** Names of stages that it reads. */
  readonly parents: readonly string[];
}

/** In the order in which they run; the last one is the action's. */
export function stagesOf(target: Lineage): Stage[] {
  return new Cut().cut(target);
}

class Cut {
  private readonly stages: Stage[] = [];
  private readonly byShuffle = new Map<number, string>();

  cut(target: Lineage): Stage[] {
    this.add(target, undefined);
    return this.stages;
  }

  private add(last: Lineage, shuffle: number | undefined): string {
    const steps = new Set<Lineage>();
    const parents = new Set<string>();
    const visit = (lineage: Lineage): void => {
      if (steps.has(lineage)) return;
      for (const parent of lineage.parents) {
        if (parent.kind === "narrow") visit(parent.of);
        else parents.add(this.stageOf(parent.of, parent.shuffle));
      }
      steps.add(lineage);
    };
    visit(last);
    const name = `stage ${this.stages.length + 1}`;
    const { partitions } = last;
    this.stages.push({ name, shuffle, steps: [...steps], partitions, parents: [...parents] });
    return name;
  }

  private stageOf(last: Lineage, shuffle: number): string {
    const known = this.byShuffle.get(shuffle);
    if (known !== undefined) return known;
    const name = this.add(last, shuffle);
    this.byShuffle.set(shuffle, name);
    return name;
  }
}
