/** What a replica finds again when it starts: the tree of blocks, its votes and its lock. */
import { aroundHost } from "../../protocol";
import { nameOf } from "./block";
import { learn } from "./decide";
import { forget, takeState } from "./history";
import type { Block, Certificate, Snapshot } from "./messages";
import { lastDecided } from "./state";
import type { HotStuffHost, HotStuffState } from "./state";

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
  state.view = Math.max(1, state.lastVotedView, state.highQC.view + 1);
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
