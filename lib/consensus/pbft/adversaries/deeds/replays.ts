/** An adversary who says again what others have said: every word of it is proven. */
import type { Deed } from "../liar";

/** It remembers so many messages. */
const mostHeard = 300;

/** So often, after a message that it hears. */
const replayRate = 0.3;

export const replaying: Deed = {
  besides(liar, heard, host) {
    if (heard === undefined) return;
    liar.heard = [...liar.heard.slice(1 - mostHeard), heard];
    if (host.random() >= replayRate) return;
    const message = liar.heard[Math.floor(host.random() * liar.heard.length)];
    const others = liar.replicas.filter((replica) => replica !== liar.id);
    host.send(others[Math.floor(host.random() * others.length)], message);
  },
};
