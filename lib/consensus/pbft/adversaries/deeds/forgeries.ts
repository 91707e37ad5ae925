/** Adversaries who speak in the name of others, with the only key they have: their own. */
import { batchDigest } from "../../encoding";
import type { PbftRequest, PrePrepare } from "../../messages";
import { prove } from "../../state";
import { proven } from "../liar";
import type { Deed, Liar, Outgoing } from "../liar";

export const forging: Deed = {
  instead(liar, said) {
    const { to, message } = said;
    switch (message.type) {
      case "prePrepare":
        // What it repeats by its digest alone would show the batch without the forgery.
        if (message.requests === null) return [];
        return [{ to, message: withForgedRequest(liar, message) }];
      case "prepare":
      case "commit":
      case "checkpoint":
      case "executed":
      case "viewChange":
      case "reply": {
        const others = liar.replicas.filter((replica) => replica !== liar.id && replica !== to);
        const forged = others.map((replica): Outgoing => {
          return { to, message: proven(liar, message, { replica }, [to]) };
        });
        return [...forged, said];
      }
      default:
        return [said];
    }
  },
};

/** A request that would give everything away, in the name of a client who did not make it. */
function withForgedRequest(liar: Liar, message: PrePrepare): PrePrepare {
  const { requests } = message;
  if (requests === null || requests.length === 0) return message;
  const [{ client, timestamp }] = requests;
  const forged = prove<PbftRequest>(liar, {
    type: "request",
    client,
    timestamp: timestamp + 1,
    operation: { command: { op: "put", key: "k0", value: "forged" } },
    isReadOnly: false,
  });
  const all = [...requests, forged];
  return proven<PrePrepare>(liar, message, { requests: all, digest: batchDigest(all) });
}
