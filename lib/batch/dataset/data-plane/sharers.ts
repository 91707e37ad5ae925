/** The map side of a shuffle: a parent's rows, shared out into one file. */
import { mkdirSync } from "fs";
import { join } from "path";
import type { SortKey } from "../options";
import type { Pair } from "../pair";
import type { Sharing } from "../steps";
import { GroupSharer, shareBytes } from "./group-columns";
import { FunctionError } from "./functions";
import { KeyTable, hashKey, rowKey } from "./key-table";
import type { ShareSettings, Sharer } from "./part";
import { ShuffleFileWriter, shuffleFile } from "./shuffle-file";
import { rangeOf } from "./sort-order";

/** Computes a partition of the parent and shares it out. */
export async function share(
  parent: number,
  sharing: Sharing,
  settings: ShareSettings,
): Promise<{ rows: number; bytes: number }> {
  const { evaluation, partition, reader } = settings;
  if (sharing.kind === "byColumns" && sharing.isOnBytes) {
    return shareBytes(sharing.job, evaluation.step(parent), settings);
  }
  const sharer = sharerOf(sharing, settings);
  try {
    await evaluation.produce(parent, partition, (rows) => {
      try {
        sharer.add(rows);
      } catch (error) {
        throw asFunctionError(error as Error, reader.name, partition);
      }
      return true;
    });
    return sharer.finish();
  } catch (error) {
    sharer.abandon();
    throw error;
  }
}

function asFunctionError(error: NodeJS.ErrnoException, name: string, partition: number): Error {
  if (error instanceof FunctionError || error.code !== undefined) return error;
  return new FunctionError(`${name}, partition ${partition} of its input: ${error.message}`);
}

function sharerOf(sharing: Sharing, settings: ShareSettings): Sharer {
  const { partitions, id } = settings.reader;
  const { callOf } = settings.evaluation.workshop;
  switch (sharing.kind) {
    case "byKey": {
      if (sharing.combine === undefined) {
        return new RowSharer(settings, (row) => hashKey((row as AnyPair).key) % partitions);
      }
      return new CombiningSharer(settings, callOf.get(sharing.combine, id) as Combine);
    }
    case "byRow":
      return new DistinctSharer(settings);
    case "inTurns": {
      let next = settings.partition;
      return new RowSharer(settings, () => next++ % partitions);
    }
    case "byRange": {
      const call = callOf.get(sharing.call, id) as (row: unknown) => SortKey;
      return new RowSharer(settings, (row) => rangeOf(call(row), sharing.bounds, sharing));
    }
    case "byColumns":
      return new GroupSharer(sharing.job, settings);
  }
}

type AnyPair = Pair<string, unknown>;
type Combine = (left: unknown, right: unknown) => unknown;

/** Rows held for all partitions together. */
const heldRows = 65_536;

function openWriter({ shuffle, partition, reader, evaluation }: ShareSettings) {
  const { sessionFolder, worker } = evaluation.workshop;
  const folder = join(sessionFolder, worker);
  mkdirSync(folder, { recursive: true });
  return new ShuffleFileWriter(shuffleFile(folder, shuffle, partition), reader.partitions);
}

/** Rows as they are. */
class RowSharer implements Sharer {
  private readonly writer: ShuffleFileWriter;
  private readonly held: unknown[][];
  private count = 0;

  constructor(
    settings: ShareSettings,
    private readonly partitionOf: (row: unknown) => number,
  ) {
    this.writer = openWriter(settings);
    this.held = Array.from({ length: settings.reader.partitions }, () => []);
  }

  add(rows: readonly unknown[]): void {
    const { held, partitionOf } = this;
    for (const row of rows) (held[partitionOf(row)] as unknown[]).push(row);
    this.count += rows.length;
    if (this.count >= heldRows) this.flush();
  }

  finish(): { rows: number; bytes: number } {
    this.flush();
    this.writer.finish();
    return this.writer;
  }

  abandon(): void {
    this.writer.abandon();
  }

  private flush(): void {
    this.held.forEach((rows, partition) => {
      this.writer.add(partition, rows);
      this.held[partition] = [];
    });
    this.count = 0;
  }
}

/** Pairs combined by key before they travel. */
class CombiningSharer implements Sharer {
  private readonly writer: ShuffleFileWriter;
  private keys = new KeyTable();
  private values: unknown[] = [];

  constructor(
    private readonly settings: ShareSettings,
    private readonly combine: Combine,
  ) {
    this.writer = openWriter(settings);
  }

  add(rows: readonly unknown[]): void {
    const { keys, values, combine } = this;
    for (const { key, value } of rows as readonly AnyPair[]) {
      const index = keys.numberOf(key);
      if (index === values.length) values.push(value);
      else values[index] = combine(values[index], value);
    }
    const { memoryBytes } = this.settings.evaluation.workshop;
    if (values.length * entryBytes > memoryBytes) this.flush();
  }

  finish(): { rows: number; bytes: number } {
    this.flush();
    this.writer.finish();
    return this.writer;
  }

  abandon(): void {
    this.writer.abandon();
  }

  private flush(): void {
    const { keys } = this.keys;
    const { partitions } = this.settings.reader;
    const shares: unknown[][] = Array.from({ length: partitions }, () => []);
    keys.forEach((key, i) => {
      shares[hashKey(key) % partitions]?.push({ key, value: this.values[i] });
    });
    shares.forEach((rows, partition) => this.writer.add(partition, rows));
    this.keys = new KeyTable();
    this.values = [];
  }
}

/** A group's cost, with its key and a small value: an estimate on the safe side. */
const entryBytes = 240;

/** Rows that were not seen before. */
class DistinctSharer implements Sharer {
  private readonly rows: RowSharer;
  private keys = new KeyTable();
  private seen = 0;

  constructor(private readonly settings: ShareSettings) {
    const { partitions } = settings.reader;
    this.rows = new RowSharer(settings, (row) => hashKey(rowKey(row)) % partitions);
  }

  add(rows: readonly unknown[]): void {
    const fresh = rows.filter((row) => {
      const isFresh = this.keys.numberOf(rowKey(row)) === this.seen;
      if (isFresh) this.seen++;
      return isFresh;
    });
    this.rows.add(fresh);
    if (this.seen * entryBytes < this.settings.evaluation.workshop.memoryBytes) return;
    this.keys = new KeyTable();
    this.seen = 0;
  }

  finish(): { rows: number; bytes: number } {
    return this.rows.finish();
  }

  abandon(): void {
    this.rows.abandon();
  }
}
