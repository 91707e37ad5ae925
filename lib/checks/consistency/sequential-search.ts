import type { Operation, ProcessId } from "../../protocol";
import type { Product } from "./product";

/** What can come next, its lane, the place in it from then on, and its own among the floating. */
interface Move {
  readonly operation: Operation;
  readonly lane: number;
  readonly to: number;
  /** -1 for an answered operation. */
  readonly floating: number;
}

interface Frame {
  readonly moves: readonly Move[];
  tried: number;
}

/** Depth first through the orders that keep each process's own; see sequential.ts. */
export class SequentialSearch<State> {
  /** Answered operations by process, in its order. */
  private readonly lanes: Operation[][] = [];
  /** Unanswered ones, with the lane and the place in it that they come after. */
  private readonly floating: { operation: Operation; lane: number; after: number }[] = [];
  private readonly at: number[];
  private readonly isTaken: number[];
  private readonly visited = new Set<string>();
  private readonly path: { move: Move; state: number; from: number }[] = [];
  private state: number;

  constructor(
    operations: readonly Operation[],
    private readonly product: Product<State>,
    private readonly isRequired: (operation: Operation) => boolean,
  ) {
    const laneOf = new Map<ProcessId, number>();
    for (const operation of operations) {
      const lane = laneOf.get(operation.process) ?? this.lanes.push([]) - 1;
      laneOf.set(operation.process, lane);
      const members = this.lanes[lane];
      if (operation.outcome === "ok") members.push(operation);
      else this.floating.push({ operation, lane, after: members.length });
    }
    this.at = this.lanes.map(() => 0);
    this.isTaken = this.floating.map(() => 0);
    this.state = product.initial;
  }

  run(limit: number): readonly Operation[] | "none" | "unknown" {
    const frames: Frame[] = [{ moves: this.moves(), tried: 0 }];
    while (frames.length > 0) {
      if (this.isComplete()) return this.path.map(({ move }) => move.operation);
      if (this.visited.size > limit) return "unknown";
      const frame = frames[frames.length - 1];
      if (frame.tried >= frame.moves.length) {
        frames.pop();
        this.undo();
      } else if (this.make(frame.moves[frame.tried++])) {
        frames.push({ moves: this.moves(), tried: 0 });
      }
    }
    return "none";
  }

  private isComplete(): boolean {
    return this.lanes.every((members, lane) => this.canSkipTo(lane, members.length));
  }

  /** Whether all that is left in a lane before the place may be left out. */
  private canSkipTo(lane: number, place: number): boolean {
    for (let i = this.at[lane]; i < place; i++) {
      if (this.isRequired(this.lanes[lane][i])) return false;
    }
    return true;
  }

  /** What may come next, in order of the calls, since most histories are nearly in real time. */
  private moves(): readonly Move[] {
    const found: Move[] = [];
    for (let lane = 0; lane < this.lanes.length; lane++) {
      const members = this.lanes[lane];
      for (let place = this.at[lane]; place < members.length; place++) {
        const operation = members[place];
        const isRequired = this.isRequired(operation);
        const next = this.product.next(this.state, operation);
        const move = { operation, lane, to: place + 1, floating: -1 };
        // A read that fits is taken at once: it takes nothing away from any order.
        if (
          next >= 0 &&
          isRequired &&
          place === this.at[lane] &&
          this.product.isReadOnly(operation)
        ) {
          return [move];
        }
        if (next >= 0 && (isRequired || next !== this.state)) found.push(move);
        if (isRequired) break;
      }
    }
    this.floating.forEach(({ operation, lane, after }, floating) => {
      if (this.isTaken[floating] === 1 || !this.canSkipTo(lane, after)) return;
      const next = this.product.next(this.state, operation);
      const to = Math.max(after, this.at[lane]);
      if (next >= 0 && next !== this.state) found.push({ operation, lane, to, floating });
    });
    return found.sort((left, right) => left.operation.call - right.operation.call);
  }

  /** False when this was met before. */
  private make(move: Move): boolean {
    const { lane, to, operation, floating } = move;
    const step = { move, state: this.state, from: this.at[lane] };
    this.state = this.product.next(this.state, operation);
    this.at[lane] = to;
    if (floating >= 0) this.isTaken[floating] = 1;
    this.path.push(step);
    const configuration = `${this.state}|${this.at.join()}|${this.isTaken.join("")}`;
    if (this.visited.has(configuration)) {
      this.undo();
      return false;
    }
    this.visited.add(configuration);
    return true;
  }

  private undo(): void {
    const step = this.path.pop();
    if (step === undefined) return;
    const { lane, floating } = step.move;
    this.at[lane] = step.from;
    if (floating >= 0) this.isTaken[floating] = 0;
    this.state = step.state;
  }
}
