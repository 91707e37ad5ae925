/** Adversaries who want another history after a view change than before it. */
import { claimOf } from "../../certificates";
import { batchDigest, nullDigest } from "../../encoding";
import type { NewView, PrePrepare, Prepare, PreparedProof, ViewChange } from "../../messages";
import { multicast, prove } from "../../state";
import { otherDigest, proven } from "../liar";
import type { Deed, Liar } from "../liar";

function changingViewChange(
  change: (liar: Liar, message: ViewChange) => Partial<ViewChange>,
): Deed {
  return {
    instead(liar, { to, message }) {
      if (message.type !== "viewChange") return [{ to, message }];
      return [{ to, message: proven(liar, message, change(liar, message)) }];
    },
  };
}

export const hidingPrepared = changingViewChange(() => ({ prepared: [], prePrepared: [] }));

export const lowCheckpoint = changingViewChange(() => ({
  stableSequence: 0,
  checkpointProof: [],
}));

/** It remembers the first certificate of each number; later ones are of higher views. */
export const oldCertificates: Deed = {
  besides(liar) {
    for (const { sequence, prepared } of liar.slots.values()) {
      if (prepared !== null && !liar.first.has(sequence)) liar.first.set(sequence, prepared);
    }
    for (const sequence of liar.first.keys()) {
      if (sequence <= liar.stable.sequence) liar.first.delete(sequence);
    }
  },
  ...changingViewChange((liar, { view, prepared }) => {
    if (view % 2 === 1) return { prepared: [] };
    return {
      prepared: prepared.map((each) => liar.first.get(claimOf(each).sequence) ?? each),
    };
  }),
};

/** Of what is prepared, and the next: in the latest view nothing, or a batch that nobody has. */
export const forgedCertificates = changingViewChange((liar, { view, prepared }) => {
  const sequences = prepared.map((each) => claimOf(each).sequence);
  const all = new Set([...sequences, liar.stable.sequence + 1]);
  return { prepared: [...all].map((sequence) => forged(liar, view - 1, sequence)) };
});

function forged(
  liar: Liar,
  view: number,
  sequence: number,
): PreparedProof | { kind: "claim"; sequence: number; view: number; digest: string } {
  const digest = sequence % 2 === 0 ? nullDigest : otherDigest(nullDigest);
  if (!liar.authentication.isTransferable) return { kind: "claim", sequence, view, digest };
  const { n, f } = liar.size;
  const primary = liar.replicas[view % n];
  const place = { view, sequence, digest };
  const prePrepare = prove<PrePrepare>(liar, {
    type: "prePrepare",
    ...place,
    requests: null,
    replica: primary,
  });
  const backups = liar.replicas.filter((replica) => replica !== primary).slice(0, 2 * f);
  const prepares = backups.map((replica) => {
    return prove<Prepare>(liar, { type: "prepare", ...place, replica });
  });
  return { kind: "proof", prePrepare, prepares };
}

/** What was prepared is proposed as null, and what was null as something. */
export const badNewView: Deed = {
  instead(liar, { to, message }) {
    if (message.type !== "newView") return [{ to, message }];
    const prePrepares = message.prePrepares.map((each) => {
      const digest = each.digest === nullDigest ? otherDigest(nullDigest) : batchDigest([]);
      return proven<PrePrepare>(liar, each, { digest });
    });
    return [{ to, message: proven<NewView>(liar, message, { prePrepares }) }];
  },
};

/** All but the last of the certificates, too. */
export const fewViewChanges: Deed = {
  instead(liar, { to, message }) {
    if (message.type !== "newView") return [{ to, message }];
    const viewChanges = message.viewChanges.slice(1);
    return [{ to, message: proven<NewView>(liar, message, { viewChanges }) }];
  },
};

/** So often, after a message that it hears. */
const restlessRate = 0.05;

export const restless: Deed = {
  besides(liar, heard, host) {
    if (heard === undefined || host.random() >= restlessRate) return;
    const viewChange = prove<ViewChange>(liar, {
      type: "viewChange",
      view: liar.view + 1 + Math.floor(host.random() * 3),
      stableSequence: liar.stable.sequence,
      checkpointProof: liar.stable.proof,
      prepared: [],
      prePrepared: [],
      replica: liar.id,
    });
    multicast(liar, viewChange, host);
  },
};
