/**
 * The data of a simulated job. A record is a hash of its place, so that what a task makes of its
 * input can be told by a digest: a record lost, doubled or misplaced changes it.
 */

/** A multiset of records, summed up: the same for any order, another for any other multiset. */
export interface Digest {
  readonly records: number;
  /** Of the records' hashes, modulo 2^32. */
  readonly sum: number;
}

export interface Workload {
  /** Default 0: only the time of the job is simulated, not its data. */
  readonly recordsPerSplit: number;
  /** About one record in so many breaks the user's map; default 0: none does. */
  readonly badEvery: number;
  readonly partitions: number;
  /** Bytes of a split; decides the time of a map task. */
  readonly splitBytes: number;
  /** Bytes that a reduce task gets; decides its time. */
  readonly partitionBytes: number;
}

export const emptyDigest: Digest = { records: 0, sum: 0 };

export function addDigests(left: Digest, right: Digest): Digest {
  return { records: left.records + right.records, sum: (left.sum + right.sum) >>> 0 };
}

function recordHash(split: number, record: number): number {
  let hash = Math.imul(split + 1, 0x9e3779b1) ^ Math.imul(record + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function isBad(hash: number, { badEvery }: Workload): boolean {
  return badEvery > 0 && hash % badEvery === 0;
}

/** What `map` makes of a split, by partition; `failedAt` are the bad records not skipped. */
export function mapSplit(
  split: number,
  workload: Workload,
  skipRecordsAt: readonly number[],
): { digests: Digest[]; skipped: number; failedAt: number[] } {
  const digests = Array.from({ length: workload.partitions }, () => emptyDigest);
  const failedAt: number[] = [];
  let skipped = 0;
  for (let record = 0; record < workload.recordsPerSplit; record++) {
    const hash = recordHash(split, record);
    if (skipRecordsAt.includes(record)) skipped++;
    else if (isBad(hash, workload)) failedAt.push(record);
    else {
      const partition = (hash >>> 8) % workload.partitions;
      digests[partition] = addDigests(digests[partition] as Digest, { records: 1, sum: hash });
    }
  }
  return { digests, skipped, failedAt };
}

/** The answer of the whole job, by partition, computed in one go: what every run must end with. */
export function expectedOutput(splits: number, workload: Workload): Digest[] {
  const output = Array.from({ length: workload.partitions }, () => emptyDigest);
  for (let split = 0; split < splits; split++) {
    for (let record = 0; record < workload.recordsPerSplit; record++) {
      const hash = recordHash(split, record);
      const partition = (hash >>> 8) % workload.partitions;
      if (isBad(hash, workload)) continue;
      output[partition] = addDigests(output[partition] as Digest, { records: 1, sum: hash });
    }
  }
  return output;
}
