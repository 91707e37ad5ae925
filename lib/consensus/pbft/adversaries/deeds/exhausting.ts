/** A primary who uses up the sequence numbers: the watermarks are against that (section 4.2). */
import type { PrePrepare } from "../../messages";
import { isPrimary } from "../../state";
import { proven } from "../liar";
import type { Deed } from "../liar";

export const exhausting: Deed = {
  instead(liar, { to, message }) {
    if (message.type !== "prePrepare" || !isPrimary(liar)) return [{ to, message }];
    const high = liar.stable.sequence + liar.options.watermarkWindow;
    const sequences = [Math.max(message.sequence, high), high + 1, high + 1_000];
    return sequences.map((sequence) => {
      return { to, message: proven<PrePrepare>(liar, message, { sequence }) };
    });
  },
};
