/**
 * What a member does with what it hears (section 4.2): newer updates count and are passed on, and
 * what is said against oneself is denied with a higher incarnation.
 */
import type { NodeId } from "../../protocol";
import { setStanding, standingOf } from "./members";
import type { SwimHost } from "./messages";
import type { Probe, SwimState } from "./state";
import { confirmSuspicion, endSuspicion, startSuspicion } from "./suspicion";
import { nextHealth } from "./timing";
import { addUpdate } from "./update-queue";
import { isGone } from "./updates";
import type { Update } from "./updates";

/** What is new is passed on. */
export function hear(state: SwimState, update: Update, host: SwimHost): void {
  if (learn(state, update, host)) addUpdate(state.queue, update);
}

/** True when it was new, and not about this member. */
export function learn(state: SwimState, update: Update, host: SwimHost): boolean {
  if (update.member === state.id) return hearOfOneself(state, update, host);
  const { table, rules } = state;
  const known = standingOf(table, update.member);
  // Of somebody unknown only an alive counts: it has joined.
  if (known === undefined && update.status !== "alive") return false;
  if (known !== undefined && !rules.isNewer(update, known)) {
    if (update.status === "suspect") confirm(state, update, host);
    return false;
  }
  setStanding(table, update.member, update);
  const label = known === undefined || isGone(known) ? joinLabel(update) : labels[update.status];
  host.note(label, { member: update.member, incarnation: update.incarnation });
  if (update.status === "suspect") startSuspicion(state, update, host);
  else endSuspicion(state, update.member, host);
  if (update.status !== "suspect" || rules.suspectsFirst) return true;
  declareDead(state, update.member, host);
  return false;
}

const labels = { alive: "alive", suspect: "suspected", dead: "died", left: "left" } as const;

function joinLabel({ status }: Update): string {
  return status === "alive" ? "joined" : labels[status];
}

/** Another accuser; Lifeguard passes that on and shortens the wait. */
function confirm(state: SwimState, update: Update, host: SwimHost): void {
  const known = standingOf(state.table, update.member);
  const isSame = known?.status === "suspect" && known.incarnation === update.incarnation;
  if (!isSame || !confirmSuspicion(state, update, host)) return;
  addUpdate(state.queue, update);
}

/** A probe has failed. */
export function suspect(state: SwimState, probe: Probe, host: SwimHost): void {
  const known = standingOf(state.table, probe.target);
  if (known === undefined || isGone(known)) return;
  const incarnation = state.rules.accused(probe.incarnation);
  hear(state, { status: "suspect", member: probe.target, incarnation, by: state.id }, host);
}

/** The suspect has not denied it. */
export function declareDead(state: SwimState, member: NodeId, host: SwimHost): void {
  const known = standingOf(state.table, member);
  if (known?.status !== "suspect") return;
  host.note("declaredDead", { member, incarnation: known.incarnation });
  const { incarnation } = known;
  hear(state, { status: "dead", member, incarnation, by: state.id }, host);
}

/** An accusation, or an incarnation from before this member lost its memory. */
function hearOfOneself(state: SwimState, update: Update, host: SwimHost): false {
  const { incarnation, rules, options } = state;
  const isAccusation = update.status !== "alive" && update.incarnation >= incarnation;
  if (state.part === "leaving" || state.part === "gone") return false;
  if (!isAccusation && update.incarnation <= incarnation) return false;
  setIncarnation(state, rules.refutation(update.incarnation, incarnation), host);
  if (isAccusation && options.hasLifeguard) worsen(state, 1);
  host.note("refuted", { incarnation: state.incarnation, by: update.by });
  addUpdate(state.queue, selfOf(state));
  return false;
}

/** Durable before anybody hears of it: it must never run back. */
export function setIncarnation(state: SwimState, incarnation: number, host: SwimHost): void {
  state.incarnation = incarnation;
  host.save("incarnation", incarnation);
}

export function selfOf(state: SwimState): Update {
  const status = state.part === "leaving" || state.part === "gone" ? "left" : "alive";
  return { status, member: state.id, incarnation: state.incarnation, by: state.id };
}

/** Lifeguard's health, by so much worse (or better, below 0). */
export function worsen(state: SwimState, delta: number): void {
  if (!state.options.hasLifeguard) return;
  state.health = nextHealth(state.health, delta, state.options.maxHealth);
}
