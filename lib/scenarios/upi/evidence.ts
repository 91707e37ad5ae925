/**
 * Banks that put together what each has heard find who told them different things: one bank alone
 * may have heard one half of a lie only.
 */
import type { PbftEvidence, PbftMessage } from "../../consensus";

/** Two messages of one sender about one thing, with different contents: one pair a thing. */
export function conflictsIn(heard: readonly PbftMessage[]): PbftEvidence[] {
  const first = new Map<string, PbftEvidence["first"]>();
  const found = new Map<string, PbftEvidence>();
  for (const message of heard) {
    const said = message as PbftEvidence["first"];
    const thing = thingOf(said);
    if (thing === undefined || found.has(thing)) continue;
    const known = first.get(thing);
    if (known === undefined) first.set(thing, said);
    else if (digestOf(known) !== digestOf(said)) {
      found.set(thing, { accused: said.replica, first: known, second: said });
    }
  }
  return [...found.values()];
}

function thingOf(message: PbftEvidence["first"]): string | undefined {
  switch (message.type) {
    case "prePrepare":
    case "prepare":
    case "commit":
      return [message.type, message.replica, message.view, message.sequence].join(" ");
    case "checkpoint":
      return [message.type, message.replica, message.sequence].join(" ");
    default:
      return undefined;
  }
}

function digestOf(message: PbftEvidence["first"]): string {
  return "digest" in message ? message.digest : "";
}
