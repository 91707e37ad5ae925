/**
 * The tree of blocks on disk and in memory: what is kept of it, and what a replica finds again when
 * it starts. Every `keptBlocks` heights the state is saved whole, and blocks older than the
 * snapshot before are forgotten.
 *
 * Source: Yin et al. 2019, section 6, leaves storage open; ours saves each block under its name.
 */
import { aroundHost } from "../../protocol";
import { nameOf } from "./block";
import { learn } from "./decide";
import type { Block, Certificate, Snapshot } from "./messages";
import { lastDecided } from "./state";
import type { Executed, HotStuffHost, HotStuffState } from "./state";

/** `block` is a child of one that is here. */
export function addBlock(state: HotStuffState, block: Block, host: HotStuffHost): void {
  const name = nameOf(block);
  if (state.blocks.has(name)) return;
  state.blocks.set(name, block);
  state.open.add(name);
  host.save(`block/${name}`, block);
}

/** Blocks that a decision has overtaken: no branch but the decided one can grow any more. */
export function forgetBranches(state: HotStuffState, host: HotStuffHost): void {
  const { height } = lastDecided(state);
  for (const name of state.open) {
    if ((state.blocks.get(name) as Block).height <= height) forget(state, name, host);
  }
  for (const views of [state.votes, state.timeouts, state.proposed]) {
    for (const view of views.keys()) if (view < lastDecided(state).view) views.delete(view);
  }
}

function forget(state: HotStuffState, name: string, host: HotStuffHost): void {
  state.blocks.delete(name);
  state.open.delete(name);
  host.save(`block/${name}`, undefined);
}

export function takeSnapshotIfDue(state: HotStuffState, host: HotStuffHost): void {
  const { keptBlocks } = state.options;
  const block = lastDecided(state);
  if (block.height % keptBlocks !== 0) return;
  keepSnapshot(state, { type: "snapshot", block, data: dataOf(state) }, host);
  const isOld = (name: string): boolean =>
    (state.blocks.get(name) as Block).height <= block.height - keptBlocks;
  const first = state.decided.findIndex((name) => !isOld(name));
  for (const name of state.decided.splice(0, first)) forget(state, name, host);
}

function keepSnapshot(state: HotStuffState, snapshot: Snapshot, host: HotStuffHost): void {
  state.snapshot = snapshot;
  host.save("snapshot", snapshot);
  host.note("snapshot", { height: snapshot.block.height });
}

function dataOf({ machine, machineState, executed }: HotStuffState): string {
  return JSON.stringify({ machine: machine.toJson(machineState), executed: [...executed] });
}

/** The state after the snapshot's block, in place of all that was here. */
export function adoptSnapshot(state: HotStuffState, snapshot: Snapshot, host: HotStuffHost): void {
  keepSnapshot(state, snapshot, host);
  for (const name of [...state.blocks.keys()]) forget(state, name, host);
  addBlock(state, snapshot.block, host);
  takeState(state, snapshot);
}

function takeState(state: HotStuffState, { block, data }: Snapshot): void {
  const content = JSON.parse(data) as { machine: unknown; executed: [string, Executed][] };
  state.machineState = state.machine.fromJson(content.machine);
  state.executed.clear();
  for (const [client, executed] of content.executed) state.executed.set(client, executed);
  for (const [client, { requestId }] of state.pending) {
    if (requestId <= (state.executed.get(client)?.requestId ?? 0)) state.pending.delete(client);
  }
  state.decided = [nameOf(block)];
  state.open.delete(nameOf(block));
}

type Disk = Readonly<Record<string, unknown>>;

/** Takes up what was saved, and decides again what was decided, without telling anybody. */
export function restore(state: HotStuffState, saved: Disk, host: HotStuffHost): void {
  const blocks = Object.keys(saved)
    .filter((key) => key.startsWith("block/"))
    .map((key) => saved[key] as Block)
    .sort((left, right) => left.height - right.height);
  const snapshot = saved["snapshot"] as Snapshot | undefined;
  if (snapshot !== undefined) restoreSnapshot(state, snapshot, blocks);
  const quiet = aroundHost(host, { send: () => undefined, note: () => undefined });
  for (const block of blocks) restoreBlock(state, block, quiet);
  const high = saved["high"] as Certificate | undefined;
  if (high !== undefined && state.blocks.has(high.block)) learn(state, high, quiet);
  state.lastVotedView = (saved["voted"] as number | undefined) ?? 0;
  state.lockedQC = (saved["locked"] as Certificate | undefined) ?? state.lockedQC;
  state.view = Math.max(state.lastVotedView, state.highQC.view) + 1;
}

/** The snapshot's block, and those before it that were kept for others. */
function restoreSnapshot(state: HotStuffState, snapshot: Snapshot, blocks: readonly Block[]): void {
  state.snapshot = snapshot;
  state.blocks.clear();
  takeState(state, snapshot);
  const byName = new Map(blocks.map((block) => [nameOf(block), block]));
  let name = nameOf(snapshot.block);
  state.blocks.set(name, snapshot.block);
  for (;;) {
    name = (state.blocks.get(name) as Block).justify.block;
    const block = byName.get(name);
    if (block === undefined) return;
    state.blocks.set(name, block);
    state.decided.unshift(name);
  }
}

/** A crash may have left blocks without their parents, or behind a snapshot. */
function restoreBlock(state: HotStuffState, block: Block, quiet: HotStuffHost): void {
  const name = nameOf(block);
  if (state.blocks.has(name)) return;
  const { justify, height } = block;
  if (height <= lastDecided(state).height || !state.blocks.has(justify.block)) {
    return forget(state, name, quiet);
  }
  state.blocks.set(name, block);
  state.open.add(name);
  learn(state, justify, quiet);
}
