/**
 * Equivocation: one sequence number, two batches, and votes for both. Alone, or as too few, the
 * adversaries get no quorum for either; f + 1 of them get one for each.
 */
import type { NodeId } from "../../../../protocol";
import { batchDigest } from "../../encoding";
import type {
  Commit,
  Executed,
  PbftMessage,
  PbftRequest,
  PrePrepare,
  Prepare,
} from "../../messages";
import { primaryOf, prove } from "../../state";
import type { PbftHost } from "../../state";
import { isInPlot, isPlotPrimary, keyOf, proven, sidesOf } from "../liar";
import type { Deed, Liar, Outgoing } from "../liar";

export const twoFaced: Deed = {
  instead(liar, said, host) {
    const { to, message } = said;
    if (message.type === "executed") return [{ to, message: retold(liar, to, message) }];
    if (message.type === "prePrepare") return proposed(liar, said.to, message, host);
    if (message.type !== "prepare" && message.type !== "commit") return [said];
    // Where the plot has the primary, votes are cast when both batches are known.
    const isPlot = isPlotPrimary(liar, message.view) && !liar.honest.has(keyOf(message));
    return isPlot ? [] : [said];
  },
  besides(liar, heard, host) {
    if (heard?.type !== "prePrepare" || !isInPlot(liar, heard.replica)) return;
    if (heard.replica !== primaryOf(liar, heard.view) || liar.honest.has(keyOf(heard))) return;
    const known = liar.twins.get(keyOf(heard)) ?? [];
    if (known.length > 1 || known.some(({ digest }) => digest === heard.digest)) return;
    const twins = [...known, heard].sort((left, right) => (left.digest < right.digest ? -1 : 1));
    liar.twins.set(keyOf(heard), twins);
    if (twins.length === 2) voteForBoth(liar, twins, host);
  },
};

/** Each side its own batch; who is in the plot hears both. */
function proposed(liar: Liar, to: NodeId, message: PrePrepare, host: PbftHost): Outgoing[] {
  if (message.requests === null || liar.honest.has(keyOf(message))) return [{ to, message }];
  let twins = liar.twins.get(keyOf(message));
  if (twins === undefined) {
    const requests = otherBatch(liar, message.requests);
    const twin = proven<PrePrepare>(liar, message, { requests, digest: batchDigest(requests) });
    twins = [message, twin].sort((left, right) => (left.digest < right.digest ? -1 : 1));
    liar.twins.set(keyOf(message), twins);
    voteForBoth(liar, twins, host);
  }
  if (isInPlot(liar, to)) return twins.map((twin) => ({ to, message: twin }));
  return [{ to, message: twins[sidesOf(liar)[0].includes(to) ? 0 : 1] }];
}

/** To each side that what it was told is also what was done. */
function retold(liar: Liar, to: NodeId, message: Executed): Executed {
  const twins = liar.twins.get(keyOf({ view: liar.view, sequence: message.sequence })) ?? [];
  const twin = twins[sidesOf(liar)[0].includes(to) ? 0 : 1] as PrePrepare | undefined;
  return twin === undefined ? message : proven<Executed>(liar, message, { digest: twin.digest });
}

/** Other clients' requests that wait; or the same in another order; or nothing. */
function otherBatch({ pending }: Liar, requests: readonly PbftRequest[]): PbftRequest[] {
  const others = [...pending.values()].filter((request) => !requests.includes(request));
  if (others.length > 0) return others.slice(0, requests.length);
  return requests.length > 1 ? [...requests].reverse() : [];
}

/** Prepares, where it is no primary, and commits, to each side for what that side was told. */
function voteForBoth(liar: Liar, twins: readonly PrePrepare[], host: PbftHost): void {
  sidesOf(liar).forEach((side, i) => {
    const { view, sequence, digest } = twins[i];
    const vote = { view, sequence, digest, replica: liar.id };
    const said: PbftMessage[] = [prove<Commit>(liar, { type: "commit", ...vote })];
    if (primaryOf(liar, view) !== liar.id) {
      said.unshift(prove<Prepare>(liar, { type: "prepare", ...vote }));
    }
    for (const to of side) for (const message of said) host.send(to, message);
  });
}
