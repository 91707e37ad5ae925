/** Adversaries whose proposals and votes name the wrong digest, or two. */
import type { Commit, Executed, PrePrepare, Prepare } from "../../messages";
import { otherDigest, proven, sidesOf } from "../liar";
import type { Deed } from "../liar";

type Vote = PrePrepare | Prepare | Commit | Executed;

export const wrongDigest: Deed = {
  instead(liar, { to, message }) {
    switch (message.type) {
      case "prePrepare":
      case "prepare":
      case "commit":
      case "executed": {
        const digest = otherDigest(message.digest);
        return [{ to, message: proven<Vote>(liar, message, { digest }) }];
      }
      default:
        return [{ to, message }];
    }
  },
};

/** One digest, and for the second half the same requests in another order, or none. */
export const swappingBatches: Deed = {
  instead(liar, { to, message }) {
    if (message.type !== "prePrepare" || message.requests === null) return [{ to, message }];
    if (sidesOf(liar)[0].includes(to)) return [{ to, message }];
    const { requests } = message;
    const swapped = requests.length > 1 ? [...requests].reverse() : [];
    return [{ to, message: { ...message, requests: swapped } }];
  },
};

export const conflictingVotes: Deed = {
  instead(liar, { to, message }) {
    if (message.type !== "prepare" && message.type !== "commit") return [{ to, message }];
    const digest = otherDigest(message.digest);
    const other = proven<Prepare | Commit>(liar, message, { digest });
    const both = sidesOf(liar)[0].includes(to) ? [message, other] : [other, message];
    return both.map((vote) => ({ to, message: vote }));
  },
};
