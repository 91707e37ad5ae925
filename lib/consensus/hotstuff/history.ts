/**
 * The tree of blocks on disk and in memory, and what is kept of it. Every `keptBlocks` heights the
 * state is saved whole, and blocks older than the snapshot before are forgotten.
 *
 * Source: Yin et al. 2019, section 6, leaves storage open; ours saves each block under its name.
 */
import { nameOf } from "./block";
import type { Block, Snapshot } from "./messages";
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
  for (const views of [state.votes, state.proposed]) {
    for (const view of views.keys()) if (view < lastDecided(state).view) views.delete(view);
  }
}

export function forget(state: HotStuffState, name: string, host: HotStuffHost): void {
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

export function takeState(state: HotStuffState, { block, data }: Snapshot): void {
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
