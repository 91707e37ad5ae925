/** Answers to clients (section 4.1), each by every replica on its own. */
import type { PbftReply } from "./messages";
import { prove } from "./state";
import type { PbftHost, PbftState } from "./state";

export function reply(
  pbft: PbftState,
  answer: Pick<PbftReply, "client" | "timestamp" | "result" | "isReadOnly">,
  host: PbftHost,
): void {
  const { id, view } = pbft;
  const said = { type: "reply", view, replica: id, ...answer } as const;
  host.send(answer.client, prove<PbftReply>(pbft, said, [answer.client]));
}
