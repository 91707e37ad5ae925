/** A way through the space as a trace, for figures and checks: one millisecond is one step. */
import type { Cause, Message, Trace, TraceStep } from "../../protocol";
import type { ExploredStep } from "./options";
import type { Action, Space, State } from "./space";

/** From the beginning, always by the action of the given place among those that are possible. */
export function traceOf<M extends Message, T>(
  space: Space<M, T>,
  ordinals: readonly number[],
): Trace<M, T> {
  const writer = new TraceWriter(space);
  let state = space.initial(({ step }) => writer.write(step));
  for (const ordinal of ordinals) {
    const action = space.actions(state)[ordinal];
    writer.act(state, action);
    state = space.after(state, action);
  }
  return writer.trace;
}

class TraceWriter<M extends Message, T> {
  readonly trace: TraceStep<M, T>[] = [];
  /** The sends of each message that is on its way, oldest first. */
  private readonly sends = new Map<number, Cause[]>();

  constructor(private readonly space: Space<M, T>) {}

  act(state: State, action: Action): void {
    if (!("envelope" in action)) return this.write(this.space.outcomeOf(state, action).step);
    const cause = this.causeOf(action.envelope, action.kind);
    if (action.kind === "message") {
      return this.write(this.space.outcomeOf(state, action).step, cause);
    }
    const { from, to, message } = this.space.envelopes.get(action.envelope);
    const event = { kind: "lost", from, message, reason: "loss" } as const;
    this.write({ node: to, event, effects: [] }, cause);
  }

  write(step: ExploredStep<M, T>, cause?: Cause): void {
    const index = this.trace.length;
    this.trace.push({ atMs: index, ...step, ...(cause && { cause }) });
    step.effects.forEach((effect, at) => {
      if (effect.kind !== "send") return;
      const { to, message } = effect;
      const number = this.space.envelope({ from: step.node, to, message });
      this.sends.set(number, [...(this.sends.get(number) ?? []), { step: index, effect: at }]);
    });
  }

  /** Undefined for a message from outside. */
  private causeOf(envelope: number, kind: "message" | "lost"): Cause | undefined {
    const sends = this.sends.get(envelope);
    const stays = kind === "message" && this.space.options.network === "duplicating";
    return stays ? sends?.[0] : sends?.shift();
  }
}
