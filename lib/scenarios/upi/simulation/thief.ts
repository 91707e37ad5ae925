/**
 * A Raft cluster of banks in which one is a thief: as leader it writes its own address where a
 * transfer says who gets the money. The others copy what their leader says, for Raft's servers may
 * crash, and do not lie; so every log agrees, on the lie.
 */
import { Raft } from "../../../consensus";
import type { RaftMessage, RaftTimer } from "../../../consensus";
import type { Event, Host, NodeId } from "../../../protocol";
import type { UpiCommand } from "../commands";

/** For `simulateRaft`: the server named `liar` sends all transfers to `thief`. */
export function raftWithThief(liar: NodeId, thief: string): typeof Raft {
  return class extends Raft {
    override handle(
      event: Event<RaftMessage, RaftTimer>,
      host: Host<RaftMessage, RaftTimer>,
    ): void {
      super.handle(this.id === liar ? robbed(event, thief) : event, host);
    }
  };
}

function robbed(
  event: Event<RaftMessage, RaftTimer>,
  thief: string,
): Event<RaftMessage, RaftTimer> {
  if (event.kind !== "message" || event.message.type !== "command") return event;
  const command = event.message.command as UpiCommand;
  if (command.op !== "transfer") return event;
  return { ...event, message: { ...event.message, command: { ...command, to: thief } } };
}
