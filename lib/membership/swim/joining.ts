/**
 * Joining, leaving, and tables exchanged whole (memberlist's push-pull): what updates have missed,
 * by loss, pause or partition, is made good so.
 */
import type { NodeId } from "../../protocol";
import { hear, learn, selfOf } from "./learning";
import { standingOf } from "./members";
import type { Sync, SwimHost } from "./messages";
import { someLiving } from "./sending";
import type { SwimState } from "./state";
import { retransmitLimit, syncScale } from "./timing";
import { addUpdate } from "./update-queue";
import type { Update } from "./updates";

/** Asks some members for their table; again every period until one has answered. */
export function askToJoin(state: SwimState, host: SwimHost): void {
  const contacts = someLiving(state, state.options.joinContacts, { host, except: state.id });
  for (const contact of contacts) host.send(contact, tableFor(state, contact, "sync"));
}

/**
 * One random living member; and a dead one with the chance dead / living, so that all together
 * visit each of the dead about once an interval (Serf's reconnect).
 */
export function onSyncDue(state: SwimState, host: SwimHost): void {
  const { table } = state;
  const living = someLiving(state, 1, { host, except: state.id });
  const isVisit = state.rules.visitsTheDead && host.random() < table.dead / table.living;
  const dead = isVisit ? someDead(state, host) : [];
  for (const to of [...living, ...dead]) host.send(to, tableFor(state, to, "sync"));
  setSyncTimer(state, host);
}

export function setSyncTimer(state: SwimState, host: SwimHost): void {
  const { syncMs } = state.options;
  if (syncMs === 0) return;
  // Not all at once: members that started together drift apart.
  const spread = 0.5 + host.random();
  host.setTimer("sync", syncMs * syncScale(state.table.living) * spread);
}

/** Who joins learns the whole group, which the group knows already: only it need not be told. */
export function onSync(state: SwimState, from: NodeId, sync: Sync, host: SwimHost): void {
  const isJoining = state.part === "joining" && sync.type === "syncAnswer";
  const take = isJoining ? learn : hear;
  if (sync.initial !== state.table.initial) {
    for (const member of sync.initial) {
      if (standingOf(state.table, member) !== undefined) continue;
      take(state, { status: "alive", member, incarnation: 0, by: from }, host);
    }
  }
  for (const update of sync.changed) take(state, withDoubt(update), host);
  if (state.part === "joining") state.part = "member";
  if (sync.type === "sync") host.send(from, tableFor(state, from, "syncAnswer"));
}

/** A death in another's table may be of a partition that has healed: here it is a suspicion. */
function withDoubt(update: Update): Update {
  return update.status === "dead" ? { ...update, status: "suspect" } : update;
}

/** What is said against the receiver is in it, as all that differs from the beginning is. */
function tableFor(state: SwimState, to: NodeId, type: Sync["type"]): Sync {
  const { table, rules } = state;
  const changed: Update[] = [selfOf(state)];
  for (const [member, standing] of table.standings) {
    if (member === to && !rules.tellsTheDead) continue;
    changed.push({ ...standing, member, by: state.id });
  }
  return { type, initial: table.initial, changed };
}

function someDead({ table }: SwimState, host: SwimHost): NodeId[] {
  const dead = [...table.standings].filter(([, { status }]) => status === "dead");
  const drawn = dead[Math.floor(host.random() * dead.length)];
  return drawn === undefined ? [] : [drawn[0]];
}

/** The group is told for as many periods as an update is passed on; then the member is gone. */
export function leave(state: SwimState, host: SwimHost): void {
  if (state.part === "leaving" || state.part === "gone") return;
  state.part = "leaving";
  state.lingers = retransmitLimit(state.options.retransmitMultiplier, state.table.living);
  addUpdate(state.queue, selfOf(state));
  host.note("leaving", { incarnation: state.incarnation });
}
