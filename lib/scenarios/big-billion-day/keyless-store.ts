/**
 * What goes wrong without keys: a store that does whatever it is asked, as often as it is asked.
 *
 * Source: ours; a planted mistake beside `EffectStore`.
 * Guarantees: none. Notes "effect" { id, attempt } at each request.
 */
import type { Host } from "../../protocol";
import { EffectStore } from "../../scheduling";
import type { EffectAnswer, EffectRequest } from "../../scheduling/messages";
import type { SchedulerMessage, SchedulerTimer } from "../../scheduling";

export class KeylessStore extends EffectStore {
  protected override apply(
    { id, attempt, value }: EffectRequest,
    host: Host<SchedulerMessage, SchedulerTimer>,
  ): EffectAnswer["outcome"] {
    host.note("effect", { id, attempt });
    return { kind: "applied", value };
  }
}
