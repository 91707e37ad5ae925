/** A group of SWIM members in the simulator, with a count of what they hear. */
import { onlyKnown, wholeInRange } from "../../../basics";
import { Simulator } from "../../../hosts";
import type { NetworkOptions, SimulatedNote } from "../../../hosts";
import type { Event, NodeId } from "../../../protocol";
import type { SwimHost, SwimMessage, SwimTimer } from "../messages";
import type { SwimOptions } from "../options";
import { Swim } from "../swim";

export interface SwimGroupOptions {
  readonly seed: number;
  /** 2 to 100,000; all know each other from the start. */
  readonly members: number;
  readonly options?: Partial<SwimOptions>;
  readonly network?: Partial<NetworkOptions>;
  /** Called at every note of a member. */
  readonly onNote?: (note: SimulatedNote) => void;
}

export interface SwimGroup {
  readonly simulator: Simulator<SwimMessage, SwimTimer>;
  readonly members: readonly NodeId[];
  /** Messages that have arrived until now. */
  heard(): number;
  /** Members that are up and hold this one to be alive or suspect, itself apart. */
  believers(member: NodeId): NodeId[];
}

/** Throws a RangeError for an option that is wrong. */
export function swimGroup(group: SwimGroupOptions): SwimGroup {
  onlyKnown("swimGroup", group, ["seed", "members", "options", "network", "onNote"]);
  const count = wholeInRange("members", group.members, { min: 2, max: 100_000 });
  const { seed, network = {}, onNote } = group;
  const simulator = new Simulator<SwimMessage, SwimTimer>({
    ...{ seed, network, isTraced: false },
    ...(onNote !== undefined && { onNote }),
  });
  let heard = 0;
  class CountingSwim extends Swim {
    override handle(event: Event<SwimMessage, SwimTimer>, host: SwimHost): void {
      if (event.kind === "message") heard++;
      super.handle(event, host);
    }
  }
  const members = Array.from({ length: count }, (_, i) => `n${i + 1}`);
  const { options = {} } = group;
  // One list for all: each member's table then holds only what differs from it.
  for (const id of members) simulator.add(id, CountingSwim, { peers: members, options });
  const believes = (id: NodeId, member: NodeId): boolean => {
    const standing = (simulator.nodeOf(id) as Swim | undefined)?.standingOf(member);
    return standing?.status === "alive" || standing?.status === "suspect";
  };
  const believers = (member: NodeId): NodeId[] =>
    members.filter((id) => id !== member && believes(id, member));
  return { simulator, members, heard: () => heard, believers };
}
