/**
 * The failure detector (section 3.1): each period one member is pinged, then pinged by others on
 * one's behalf, and suspected when nothing has come back by the end of the period.
 */
import type { NodeId } from "../../protocol";
import { suspect, worsen } from "./learning";
import { memberAt, placesIn, standingOf } from "./members";
import type { Ack, Nack, Ping, PingRequest, SwimHost } from "./messages";
import { send, someLiving } from "./sending";
import type { ProbePass, SwimState } from "./state";
import { isGone } from "./updates";

/** The end of a period and the start of the next. */
export function probeNext(state: SwimState, host: SwimHost): void {
  endProbe(state, host);
  const target = nextTarget(state, host);
  if (target === undefined) return;
  const requestId = ++state.requests;
  const incarnation = standingOf(state.table, target)?.incarnation ?? 0;
  state.probe = { target, incarnation, requestId, isAnswered: false, asked: 0, nacks: 0 };
  send(state, target, { type: "ping", requestId }, host);
  host.setTimer("probe", state.options.probeTimeoutMs * (state.health + 1));
}

/** Lifeguard: a lost probe may be one's own fault, the more so if helpers are silent. */
function endProbe(state: SwimState, host: SwimHost): void {
  const { probe } = state;
  state.probe = null;
  if (probe === null || probe.isAnswered) return;
  worsen(state, probe.asked > 0 ? probe.asked - probe.nacks : 1);
  suspect(state, probe, host);
}

/** The direct probe is late: members at random are asked to try. */
export function onProbeTimeout(state: SwimState, host: SwimHost): void {
  const { probe, options, rules } = state;
  if (probe === null || probe.isAnswered) return;
  if (!rules.waitsForIndirectProbes) suspect(state, probe, host);
  const { target, requestId } = probe;
  const helpers = someLiving(state, options.indirectProbes, { host, except: target });
  probe.asked = helpers.length;
  for (const helper of helpers) {
    send(state, helper, { type: "pingRequest", requestId, target }, host);
  }
}

export function onPing(state: SwimState, from: NodeId, ping: Ping, host: SwimHost): void {
  send(state, from, { type: "ack", requestId: ping.requestId }, host);
}

export function onAck(state: SwimState, ack: Ack, host: SwimHost): void {
  const { probe, relays } = state;
  const relay = relays.get(ack.requestId);
  if (relay !== undefined) {
    relays.delete(ack.requestId);
    host.cancelTimer(`relay/${ack.requestId}`);
    return send(state, relay.requester, { type: "ack", requestId: relay.requestId }, host);
  }
  if (probe === null || probe.isAnswered || probe.requestId !== ack.requestId) return;
  probe.isAnswered = true;
  host.cancelTimer("probe");
  worsen(state, -1);
}

/** A probe on behalf of another; Lifeguard answers in time even without a result. */
export function onPingRequest(
  state: SwimState,
  from: NodeId,
  { requestId, target }: PingRequest,
  host: SwimHost,
): void {
  const own = ++state.requests;
  state.relays.set(own, { requester: from, requestId });
  send(state, target, { type: "ping", requestId: own }, host);
  host.setTimer(`relay/${own}`, nackShare * state.options.probeTimeoutMs);
}

/** A nack leaves early enough to arrive before the probe's period ends. */
const nackShare = 0.8;

export function onRelayTimeout(state: SwimState, own: number, host: SwimHost): void {
  const relay = state.relays.get(own);
  state.relays.delete(own);
  if (relay === undefined || !state.options.hasLifeguard) return;
  host.send(relay.requester, { type: "nack", requestId: relay.requestId });
}

export function onNack(state: SwimState, { requestId }: Nack): void {
  if (state.probe?.requestId === requestId) state.probe.nacks++;
}

/** The next living member in the order of probes; undefined when there is none. */
function nextTarget(state: SwimState, host: SwimHost): NodeId | undefined {
  if (state.options.probeOrder === "random") {
    return someLiving(state, 1, { host, except: state.id })[0];
  }
  for (let passes = 0; passes < 2; passes++) {
    const { pass } = state;
    while (pass !== null && pass.taken < pass.size) {
      const place = (pass.start + pass.taken++ * pass.step) % pass.size;
      const member = memberAt(state.table, place);
      const standing = standingOf(state.table, member);
      if (member !== state.id && standing !== undefined && !isGone(standing)) return member;
    }
    if (pass !== null && !state.rules.probesInPasses) return undefined;
    state.pass = newPass(placesIn(state.table), host);
  }
  return undefined;
}

/**
 * Section 4.3 shuffles the list; here a random start and a random step without a common divisor
 * with the size visit all in O(1) memory. Who joins during a pass is in the next: still at most
 * 2n - 1 periods.
 */
function newPass(size: number, host: SwimHost): ProbePass {
  const start = Math.floor(host.random() * size);
  let step = 1 + Math.floor(host.random() * size);
  for (let tries = 0; tries < size && divisor(step, size) !== 1; tries++) step = (step % size) + 1;
  return { start, step, size, taken: 0 };
}

function divisor(left: number, right: number): number {
  return right === 0 ? left : divisor(right, left % right);
}
