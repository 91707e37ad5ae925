/** Saves on a disk: what survives a crash at any byte, what refuses to start, and group commit. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { DiskLog } from "dabbawala/dist/hosts/real/disk-log";
import { saveOptions } from "dabbawala/dist/hosts/real/save-options";
import type { SaveOptions } from "dabbawala/dist/hosts/real/save-options";
import { encodeHeader, recover } from "dabbawala/dist/hosts/real/disk-records";

afterEach(() => void vi.useRealTimers());

class OpenLog {
  readonly log: DiskLog;
  syncs = 0;
  readonly sentences: string[] = [];
  failure: Error | undefined;
  private wake: () => void = () => undefined;

  constructor(path: string, options: Partial<SaveOptions> = {}) {
    this.log = new DiskLog(path, saveOptions(options), {
      onDurable: () => this.wake(),
      onFailure: (error) => ((this.failure = error), this.wake()),
      onSync: () => this.syncs++,
      onTornWrite: (sentence) => this.sentences.push(sentence),
    });
  }

  /** Puts and waits until it is durable: one batch. */
  async put(values: Readonly<Record<string, unknown>>): Promise<void> {
    for (const [key, value] of Object.entries(values)) this.log.put(key, value);
    await this.settle();
  }

  async settle(): Promise<void> {
    while (this.log.durable < this.log.written && this.failure === undefined) {
      const told = new Promise<void>((resolve) => (this.wake = resolve));
      this.log.flush();
      await told;
    }
  }
}

function newPath(): string {
  return join(mkdtempSync(join(tmpdir(), "disk-log-")), "n1.saves");
}

function reopen(path: string): Record<string, unknown> {
  const { log } = new OpenLog(path);
  const saved = log.all();
  log.close();
  return saved;
}

const batches = [
  { vote: { term: 1, votedFor: "n2" }, "log/1": { kind: "noop", term: 1 } },
  { "log/2": "ज्ञान 🚂", "log/3": [1, 2, 3] },
  { "log/1": undefined, vote: { term: 2, votedFor: null } },
  { "log/4": "x".repeat(40), "log/2": undefined },
];

interface Written {
  readonly path: string;
  readonly ends: number[];
  readonly states: unknown[];
}

/** A file of these batches, and for each how long the file was when it was durable. */
async function written(): Promise<Written> {
  const path = newPath();
  const open = new OpenLog(path, { reserveBytes: 0 });
  const ends = [statSync(path).size];
  const states: unknown[] = [{}];
  for (const batch of batches) {
    await open.put(batch);
    ends.push(statSync(path).size);
    states.push(open.log.all());
  }
  open.log.close();
  return { path, ends, states };
}

describe("recovery", () => {
  it("finds what was saved last, with deleted keys gone", async () => {
    const { path } = await written();
    const expected = { vote: { term: 2, votedFor: null }, "log/3": [1, 2, 3] };
    expect(reopen(path)).toEqual({ ...expected, "log/4": "x".repeat(40) });
  });

  it("a file cut at any byte gives the saves of the last whole batch, and can be written on", async () => {
    const { path, ends, states } = await written();
    const whole = readFileSync(path);
    for (let length = 0; length <= whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      const count = ends.filter((end) => end <= length).length;
      expect(reopen(path), `cut at ${length}`).toEqual(states[Math.max(0, count - 1)]);
      expect(statSync(path).size).toBe(ends[Math.max(0, count - 1)]);
    }
    const open = new OpenLog(path);
    await open.put({ more: 1 });
    open.log.close();
    expect(reopen(path)).toMatchObject({ more: 1 });
  });

  it("a write over reserved zeros that was cut short at any byte is cut off", async () => {
    const { path, ends, states } = await written();
    const whole = Buffer.concat([readFileSync(path), Buffer.alloc(1_000)]);
    for (let length = ends[3]; length < ends[4]; length++) {
      writeFileSync(path, Buffer.from(whole).fill(0, length));
      // The last byte of the batch may be a zero by itself; then nothing is missing.
      const isWhole = whole.subarray(length, ends[4]).every((byte) => byte === 0);
      expect(reopen(path), `zeros from ${length}`).toEqual(states[isWhole ? 4 : 3]);
    }
    writeFileSync(path, whole);
    expect(reopen(path)).toEqual(states[4]);
  });

  it("what is reserved is never part of what was saved, through many files", async () => {
    const path = newPath();
    for (let round = 1; round <= 4; round++) {
      const open = new OpenLog(path, { reserveBytes: 10_000 });
      for (let count = 0; count < 30; count++)
        await open.put({ [`${round}/${count}`]: "x".repeat(900) });
      expect(readFileSync(path).subarray(-8).equals(Buffer.alloc(8))).toBe(true);
      open.log.close();
      expect(Object.keys(reopen(path))).toHaveLength(30 * round);
    }
  });

  it("zeros in place of a last batch that never reached the disk are cut off", async () => {
    const { path, ends, states } = await written();
    const bytes = readFileSync(path);
    bytes.fill(0, ends[3]);
    writeFileSync(path, bytes);
    expect(reopen(path)).toEqual(states[3]);
  });

  it("refuses any flipped bit before the last batch, naming file and offset", async () => {
    const { path, ends } = await written();
    const whole = readFileSync(path);
    for (let at = 0; at < ends[3]; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 1 << (at % 8);
      const start = at < ends[0] ? 0 : ends.filter((end) => end <= at).pop();
      expect(recover(bytes), `byte ${at}`).toMatchObject({ kind: "damaged", atBytes: start });
    }
    writeFileSync(path, Buffer.from(whole).fill(7, ends[1], ends[1] + 1));
    const message = `${path}: damaged at byte ${ends[1]}: saves that were made later follow at`;
    expect(() => new OpenLog(path)).toThrow(message);
    expect(readFileSync(path).length, "left as it is").toBe(whole.length);
  });

  it("never takes a damaged last batch for something else than it was", async () => {
    const { path, ends, states } = await written();
    const whole = readFileSync(path);
    for (let at = ends[3]; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 1 << (at % 8);
      writeFileSync(path, bytes);
      expect(reopen(path)).toEqual(states[3]);
    }
  });

  it("refuses another version, another kind of file, and a path that is a folder", () => {
    const path = newPath();
    writeFileSync(path, encodeHeader(2));
    const versions = "the file has format version 2, and this program reads 1";
    expect(() => new OpenLog(path)).toThrow(`${path}: damaged at byte 0: ${versions}`);
    writeFileSync(path, "time,user,session,action\n1,2,3,4\n");
    expect(() => new OpenLog(path)).toThrow("this is not a file of saves");
    expect(() => new OpenLog(tmpdir())).toThrow("the saves cannot be opened");
    expect([path, tmpdir()].map((file) => existsSync(`${file}.lock`))).toEqual([false, false]);
  });
});

it("tells of a write that was cut short, and not of zeros that were reserved", async () => {
  const { path, ends } = await written();
  const whole = readFileSync(path);
  const sentencesOf = (bytes: Buffer): readonly string[] => {
    writeFileSync(path, bytes);
    const { log, sentences } = new OpenLog(path);
    log.close();
    return sentences;
  };
  expect(sentencesOf(whole)).toEqual([]);
  expect(sentencesOf(Buffer.concat([whole, Buffer.alloc(500)]))).toEqual([]);
  const sentence = `${path}: an unfinished write at ${ends[3]} was cut off`;
  expect(sentencesOf(whole.subarray(0, ends[4] - 1))).toEqual([sentence]);
});

describe("group commit", () => {
  it("what is put while a sync runs shares the next one", async () => {
    const open = new OpenLog(newPath());
    open.log.put("first", 1);
    open.log.flush();
    for (let index = 0; index < 100; index++) {
      open.log.put(`log/${index}`, index);
      open.log.flush();
    }
    expect(open.log.durable).toBe(0);
    await open.settle();
    expect(open.log.durable).toBe(101);
    expect(open.syncs).toBe(2);
    open.log.close();
  });

  it("a save counts as durable only when its sync has ended", async () => {
    const open = new OpenLog(newPath());
    open.log.put("key", 1);
    expect(open.log.durable).toBe(0);
    open.log.flush();
    expect(open.log.durable).toBe(0);
    await open.settle();
    expect(open.log.durable).toBe(1);
    open.log.close();
  });

  it("without syncs saves survive the process all the same", async () => {
    const path = newPath();
    const open = new OpenLog(path, { hasSync: false });
    await open.put({ key: "value" });
    expect(open.syncs).toBe(0);
    open.log.close();
    expect(reopen(path)).toEqual({ key: "value" });
  });

  it("or are synced a while later, one sync for all that was written meanwhile", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const path = newPath();
    const open = new OpenLog(path, { hasSync: false, syncEveryMs: 30 });
    await open.put({ first: 1 });
    await open.put({ second: 2 });
    vi.advanceTimersByTime(29);
    expect(open.syncs).toBe(0);
    vi.advanceTimersByTime(1);
    expect(open.syncs).toBe(1);
    vi.advanceTimersByTime(60);
    expect(open.syncs).toBe(1);
    await open.put({ third: 3 });
    open.log.close();
    expect(open.failure).toBeUndefined();
    expect(Object.keys(reopen(path))).toEqual(["first", "second", "third"]);
  });

  it("a failed write is told, and nothing counts as durable after it", async () => {
    const path = newPath();
    const open = new OpenLog(path);
    // A disk that is full: every write to this device fails so.
    Object.assign(open.log, { descriptor: openSync("/dev/full", "w") });
    await open.put({ key: 1 });
    expect(open.failure?.message).toContain(`${path}: the saves cannot be written (ENOSPC`);
    expect(open.log.durable).toBe(0);
  });
});

describe("rewriting", () => {
  it("a file that is mostly dead is written anew, and says the same", async () => {
    const path = newPath();
    const open = new OpenLog(path, { rewriteBytes: 10_000, reserveBytes: 0 });
    for (let round = 0; round < 100; round++) {
      await open.put({ counter: round, [`log/${round}`]: "x".repeat(500) });
      if (round >= 5) await open.put({ [`log/${round - 5}`]: undefined });
    }
    expect(statSync(path).size).toBeLessThan(11_000);
    const saved = open.log.all();
    open.log.close();
    expect(Object.keys(saved)).toHaveLength(6);
    expect(reopen(path)).toEqual(saved);
  });

  it("a rewriting that was cut short leaves the old file, and the next start ignores the rest", async () => {
    const { path, states } = await written();
    writeFileSync(`${path}.new`, readFileSync(path).subarray(0, 30));
    expect(reopen(path)).toEqual(states[4]);
  });
});

describe("two who want one file", () => {
  it("a process that is alive keeps it; one that was killed does not", () => {
    const path = newPath();
    const other = spawn("sleep", ["60"]);
    writeFileSync(`${path}.lock`, `${other.pid}\n`);
    expect(() => new OpenLog(path)).toThrow(`${path}: in use by process ${other.pid}: end it`);
    other.kill("SIGKILL");
    return new Promise<void>((resolve) => other.once("exit", () => resolve())).then(() => {
      expect(reopen(path)).toEqual({});
      expect(existsSync(`${path}.lock`)).toBe(false);
    });
  });
});
