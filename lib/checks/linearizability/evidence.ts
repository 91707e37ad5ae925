/**
 * Why a part is not linearizable: the first answer that cannot be explained, an order of all before
 * it, and the smallest set of operations that contradict each other.
 *
 * Source: linearizability is prefix-closed (Herlihy and Wing, 1990, section 2.3), so the first bad
 * answer is found by halving; the smallest set by halving too, after U. Junker, "QuickXplain", AAAI
 * 2004. An operation is spared by letting it be left out, which can only make a history more
 * permissive; cutting it out would make reads of its value wrong, and so prove nothing.
 */
import type { Operation } from "../../protocol";
import { PartJudge } from "./judge";
import type { Judged } from "./judge";
import type { Model } from "./model";
import { before } from "./parts";
import type { Part } from "./parts";
import { describeOperation, Transitions } from "./transitions";
import type { Violation } from "./verdict";

/** Work (see `Search.work`) for a question of shrinking, for all of them, and for a slice. */
const workAQuestion = 20_000;
const workInAll = 300_000;
const workASlice = 1_000;

/** The evidence for a part that `judged` found to have no order. */
export function violationOf<State>(
  part: Part,
  model: Model<State>,
  found: { readonly judged: Judged; readonly work: number },
): Violation {
  return new Evidence(part, model, found.work).gather(found.judged);
}

class Evidence<State> {
  private readonly transitions: Transitions<State>;
  private workLeft = workInAll;
  /** False as soon as a question was given up. */
  private isSure = true;

  constructor(
    private readonly part: Part,
    private readonly model: Model<State>,
    private readonly workOfVerdict: number,
  ) {
    this.transitions = new Transitions(model);
  }

  gather(judged: Judged): Violation {
    const firstBad = this.firstBad(judged.furthest);
    const known = before(this.part.operations, firstBad.return);
    const prefix = this.ask(before(this.part.operations, firstBad.return - 1));
    const seen = this.ask(known);
    const offending = this.offending(seen, known, firstBad);
    return {
      key: this.part.key,
      operations: this.part.operations,
      firstBad,
      prefix: prefix.order?.() ?? [],
      offending: offending.sort((left, right) => left.call - right.call),
      isSmallest: this.isSure,
      describe: (operation) => describeOperation(operation, this.model),
    };
  }

  private offending(seen: Judged, known: readonly Operation[], firstBad: Operation): Operation[] {
    if (seen.evidence === undefined) return this.shrink(known, firstBad);
    if (seen.isWithin !== true) return this.shrink(seen.evidence, firstBad);
    const shrunk = this.shrink(known, firstBad);
    // When the work ran out, the few operations that were seen to contradict each other say more.
    return shrunk.length <= seen.evidence.length ? shrunk : [...seen.evidence];
  }

  private firstBad(furthest: Operation | undefined): Operation {
    const answered = this.part.operations
      .filter(({ outcome }) => outcome === "ok")
      .sort((left, right) => left.return - right.return);
    let low = furthest === undefined ? 0 : answered.indexOf(furthest);
    let high = answered.length - 1;
    // The search most often stopped at the very answer, so that is asked first.
    let middle = furthest === undefined ? (low + high) >> 1 : low;
    while (low < high) {
      const { kind } = this.ask(before(this.part.operations, answered[middle].return));
      if (kind === "none") high = middle;
      else low = middle + 1;
      middle = (low + high) >> 1;
    }
    return answered[low];
  }

  /** The operations that cannot be spared; `firstBad` is tried last, since most often it is one. */
  private shrink(operations: readonly Operation[], firstBad: Operation): Operation[] {
    const kept = new Set(operations.filter(({ outcome }) => outcome === "ok"));
    const spare = (group: readonly Operation[]): void => {
      if (group.length === 0) return;
      if (this.workLeft <= 0) {
        this.isSure = false;
        return;
      }
      group.forEach((operation) => kept.delete(operation));
      const isOptional = (operation: Operation): boolean => !kept.has(operation);
      if (this.ask(operations, isOptional).kind === "none") return;
      group.forEach((operation) => kept.add(operation));
      if (group.length === 1) return;
      spare(group.slice(0, group.length >> 1));
      spare(group.slice(group.length >> 1));
    };
    const isLast = ({ id }: Operation): boolean => id === firstBad.id;
    spare([...kept].filter((operation) => !isLast(operation)));
    spare([...kept].filter(isLast));
    return [...kept];
  }

  private ask(
    operations: readonly Operation[],
    isOptional?: (operation: Operation) => boolean,
  ): Judged {
    const judge = new PartJudge(operations, this.model, {
      transitions: this.transitions,
      isOptional,
    });
    // A prefix is about as hard as the whole was; a shrunk part should be easier.
    const isShrinking = isOptional !== undefined;
    const limit = isShrinking ? workAQuestion : workAQuestion + 2 * this.workOfVerdict;
    let judged = judge.run(0);
    // Setting up a question costs as well: about a choice for ten operations.
    if (isShrinking) this.workLeft -= operations.length / 10;
    while (judged.kind === "paused") {
      if (judge.work >= limit || (isShrinking && this.workLeft <= 0)) {
        this.isSure = false;
        break;
      }
      judged = judge.run(workASlice);
      if (isShrinking) this.workLeft -= workASlice;
    }
    return judged;
  }
}
