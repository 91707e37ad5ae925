/** Messages with updates on their back, and members drawn at random. */
import type { NodeId } from "../../protocol";
import { livingOthers, memberAt, placesIn, standingOf } from "./members";
import type { Ack, Ping, PingRequest, SwimHost } from "./messages";
import type { SwimState } from "./state";
import { retransmitLimit } from "./timing";
import { takeUpdates } from "./update-queue";
import { isGone } from "./updates";
import type { Update } from "./updates";

type WithoutUpdates<M> = M extends unknown ? Omit<M, "updates"> : never;

/** Adds the updates that are due (section 4.1), and what is said against the receiver itself. */
export function send(
  state: SwimState,
  to: NodeId,
  message: WithoutUpdates<Ping | Ack | PingRequest>,
  host: SwimHost,
): void {
  const { queue, options, table } = state;
  const limit = retransmitLimit(options.retransmitMultiplier, table.living);
  const accusation = accusationOf(state, to);
  const due = takeUpdates(queue, options.maxUpdates, limit);
  const others = accusation && due.filter(({ member }) => member !== to);
  const updates = others === undefined ? due : [accusation as Update, ...others];
  host.send(to, { ...message, updates });
}

/**
 * Lifeguard's buddy system tells a suspect first of all that it is one; the dead are told always:
 * otherwise one that has restarted without its memory stays dead (memberlist, issue 345).
 */
function accusationOf(state: SwimState, to: NodeId): Update | undefined {
  const { table, rules, options } = state;
  const standing = table.standings.get(to);
  if (standing === undefined || standing.status === "alive") return undefined;
  const isTold = isGone(standing) ? rules.tellsTheDead : options.hasLifeguard;
  return isTold ? { ...standing, member: to, by: state.id } : undefined;
}

/** Up to `count` different living members, oneself and `except` apart. */
export function someLiving(
  state: SwimState,
  count: number,
  { host, except }: { host: SwimHost; except: NodeId },
): NodeId[] {
  const { table, id } = state;
  const places = placesIn(table);
  const found: NodeId[] = [];
  for (let tries = 0; tries < 4 * count + 4 && found.length < count; tries++) {
    const member = memberAt(table, Math.floor(host.random() * places));
    if (member === undefined || member === id || member === except) continue;
    const standing = standingOf(table, member);
    if (standing === undefined || isGone(standing) || found.includes(member)) continue;
    found.push(member);
  }
  return found.length === count ? found : fromAll(state, count, { host, except });
}

/** Chance has found too few: most may be dead, or the group is small. */
function fromAll(
  { table, id }: SwimState,
  count: number,
  { host, except }: { host: SwimHost; except: NodeId },
): NodeId[] {
  const all = livingOthers(table, id).filter((member) => member !== except);
  const found: NodeId[] = [];
  while (all.length > 0 && found.length < count) {
    found.push(...all.splice(Math.floor(host.random() * all.length), 1));
  }
  return found;
}
