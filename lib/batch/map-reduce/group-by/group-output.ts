import { renameSync, rmSync } from "fs";
import { join } from "path";
import { runName } from "../map-output";
import type { MapSettings } from "../map-settings";
import type { OutputRef } from "../tasks";
import type { GroupTable } from "./group-table";
import { partitioned, slices } from "./partitioned";
import { appendSegments } from "./segment-file";

/** The groups of one map task, as files of segments, one a partition. */
export class GroupOutput {
  private spills = 0;
  private groups = 0;
  private readonly bytes: number[];

  constructor(
    private readonly taskId: number,
    private readonly settings: MapSettings,
  ) {
    this.bytes = new Array<number>(settings.partitions).fill(0);
    for (let i = 0; i < settings.partitions; i++) rmSync(this.partialFile(i), { force: true });
  }

  get counters(): { pairsEmitted: number; spills: number } {
    return { pairsEmitted: this.groups, spills: this.spills };
  }

  spill(table: GroupTable): void {
    this.spills++;
    this.groups += table.size;
    const segments = partitioned(table, this.settings.partitions);
    for (let partition = 0; partition < this.settings.partitions; partition++) {
      const own = segments.slice(partition * slices, (partition + 1) * slices);
      const numbered = own.map((segment, number) => ({ number, segment }));
      const written = appendSegments(this.partialFile(partition), numbered);
      this.bytes[partition] = (this.bytes[partition] as number) + written;
    }
  }

  finish(): OutputRef[] {
    const { worker, folder } = this.settings;
    return this.bytes.map((bytes, partition) => {
      const target = join(folder, runName(this.taskId, partition));
      renameSync(this.partialFile(partition), target);
      return { worker, mapTaskId: this.taskId, partition, bytes };
    });
  }

  private partialFile(partition: number): string {
    return join(this.settings.folder, `${runName(this.taskId, partition)}.partial`);
  }
}
