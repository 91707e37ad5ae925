/** An adversary who spoils what others recover from: checkpoints, states, batches. */
import type { Checkpoint } from "../../messages";
import { otherDigest, proven } from "../liar";
import type { Deed } from "../liar";

export const corruptState: Deed = {
  instead(liar, { to, message }) {
    switch (message.type) {
      case "checkpoint": {
        const digest = otherDigest(message.digest);
        return [{ to, message: proven<Checkpoint>(liar, message, { digest }) }];
      }
      case "statePages":
        return [{ to, message: { ...message, pages: message.pages.map(otherDigest) } }];
      case "statePage":
        return [{ to, message: { ...message, text: message.text.replace(/\d/g, "7") } }];
      case "batch":
        return [{ to, message: { ...message, requests: message.requests.slice(1) } }];
      default:
        return [{ to, message }];
    }
  },
};
