/**
 * What a certificate teaches: the highest one is remembered, the block before its block is locked,
 * and the one before that is decided if the three are of views in a row.
 *
 * Source: Yin et al. 2019, section 5 and algorithm 4 (update, onCommit). One certificate ends three
 * phases at once: prepare of its block, pre-commit of the parent, commit of the grandparent.
 */
import { genesisName } from "./block";
import { forgetBranches, takeSnapshotIfDue } from "./history";
import type { Block, Certificate } from "./messages";
import { lastDecided, openBranch } from "./state";
import type { HotStuffHost, HotStuffState } from "./state";

/** `certificate` is right and its block is here. */
export function learn(state: HotStuffState, certificate: Certificate, host: HotStuffHost): void {
  const third = state.blocks.get(certificate.block) as Block;
  if (certificate.view > state.highQC.view) {
    state.highQC = certificate;
    host.save("high", certificate);
    state.view = Math.max(state.view, certificate.view + 1);
    host.note("prepared", { view: third.view, height: third.height });
  }
  lock(state, third, host);
  const second = state.blocks.get(third.justify.block);
  const first = state.blocks.get(second?.justify.block ?? "");
  if (second === undefined || first === undefined) return;
  if (first.height <= lastDecided(state).height) return;
  if (!state.rules.isDecided([first.view, second.view, third.view])) return;
  decide(state, second.justify.block, host);
}

function lock(state: HotStuffState, certified: Block, host: HotStuffHost): void {
  const locked = state.rules.lockOf(certified, state.lockedQC);
  if (locked === state.lockedQC || locked.block === genesisName) return;
  state.lockedQC = locked;
  host.save("locked", locked);
  host.note("locked", { view: locked.view });
}

/** With a block all before it on its branch is decided. */
function decide(state: HotStuffState, name: string, host: HotStuffHost): void {
  const { height } = lastDecided(state);
  const branch = openBranch(state, name).reverse();
  // Otherwise two branches were certified: more than f replicas lie.
  const isOnTop = branch[0]?.height === height + 1 && isChild(state, branch[0]);
  if (!isOnTop) return host.note("forked", { height: height + 1 });
  branch.forEach((block, at) => {
    const child = branch[at + 1];
    const decided = child === undefined ? name : child.justify.block;
    state.decided.push(decided);
    state.open.delete(decided);
    host.note("decided", { height: block.height, view: block.view });
    execute(state, block, host);
    takeSnapshotIfDue(state, host);
  });
  state.failures = 0;
  forgetBranches(state, host);
}

function isChild({ decided }: HotStuffState, block: Block): boolean {
  return block.justify.block === decided[decided.length - 1];
}

/** Each command once, in the order of the blocks; all replicas answer. */
function execute(state: HotStuffState, { commands }: Block, host: HotStuffHost): void {
  for (const { client, requestId, command } of commands) {
    if (requestId <= (state.executed.get(client)?.requestId ?? 0)) continue;
    const result = state.machine.apply(state.machineState, command) ?? null;
    state.executed.set(client, { requestId, result });
    const waits = state.pending.get(client);
    if (waits !== undefined && waits.requestId <= requestId) state.pending.delete(client);
    host.note("executed", { client, requestId });
    host.send(client, { type: "reply", requestId, result });
  }
}
