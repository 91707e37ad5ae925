/**
 * Linearizability while a history is still being recorded: events as they come, the verdict of what
 * has come so far at any time, in memory that goes with what is not yet settled, not with the
 * length.
 *
 * Source: objects apart by locality (Herlihy and Wing, 1990, section 3.3); a point where nothing is
 * under way cuts a history in two that share only a state: J. Misra, "Axioms for memory access in
 * asynchronous hardware systems", TOPLAS 8(1), 1986, section 3. Ours keeps all states possible at
 * the cut, each with the unanswered calls still open, and searches the rest as `checkLinearizable`.
 * Assumes: as `checkLinearizable`; the key of an operation is told with its call.
 * Guarantees: the verdict of the prefix is that of `checkLinearizable`, or "unknown" at a limit.
 * Cost: an event O(1) and its share of settling; a verdict one search of what is not settled of the
 * objects that had answers since the last. An object that is never quiet is held whole.
 */
import { InputError, wholeInRange } from "../../../basics";
import { CallMatcher, operationOf } from "../../../protocol";
import type { HistoryEvent, PlacedEvent } from "../../../protocol";
import type { Model } from "../model";
import { keyOfPart } from "../parts";
import type { IncrementalVerdict } from "../verdict";
import { UnsettledPart } from "./unsettled";

export interface IncrementalOptions {
  /** Most configurations for one verdict of one object; default 200,000, then "unknown". */
  readonly configurations?: number;
  /** Named in errors; default "history". */
  readonly source?: string;
}

interface UnderWay<State> {
  readonly id: number;
  readonly part: UnsettledPart<State>;
}

export class IncrementalChecker<State> {
  private readonly matcher: CallMatcher;
  private readonly source: string;
  private readonly configurations: number;
  private readonly parts = new Map<string, UnsettledPart<State>>();
  /** By the place of the call. */
  private readonly underWay = new Map<number, UnderWay<State>>();
  private events = 0;
  private calls = 0;

  constructor(
    private readonly model: Model<State>,
    options: IncrementalOptions = {},
  ) {
    const whole = { min: 1, max: Number.MAX_SAFE_INTEGER };
    this.configurations = wholeInRange("configurations", options.configurations ?? 200_000, whole);
    this.source = options.source ?? "history";
    this.matcher = new CallMatcher(this.source);
  }

  /** Throws InputError as `checkLinearizable` does; then the checker is of no further use. */
  add(event: HistoryEvent): void {
    const placed = { event, index: this.events };
    const call = this.matcher.next(placed);
    this.events++;
    if (event.type === "invoke") this.begin(placed);
    else if (call !== undefined) this.end(call, placed);
  }

  /** The verdict of all events so far: what is under way may have taken effect or not. */
  verdict(): IncrementalVerdict {
    const parts = [...this.parts.values()].filter(({ operations }) => operations > 0);
    const kinds = parts.map((part) => part.judge());
    const sum = (of: "operations" | "configurations"): number =>
      parts.reduce((total, part) => total + part[of], 0);
    const common = {
      model: this.model.name,
      operations: sum("operations"),
      parts: parts.length,
      configurations: sum("configurations"),
    };
    const violation = parts.find((part) => part.violation !== undefined)?.violation;
    if (violation !== undefined) return { kind: "not linearizable", ...common, violation };
    const keys = parts.filter((_, i) => kinds[i] === "unknown").map(({ key }) => key);
    if (keys.length === 0) return { kind: "linearizable", ...common };
    return { kind: "unknown", ...common, why: "configurations", keys };
  }

  /** Operations held in memory: those that are not settled, or still under way. */
  get held(): number {
    return [...this.parts.values()].reduce((sum, part) => sum + part.held, 0);
  }

  private begin(placed: PlacedEvent): void {
    const operation = operationOf(this.calls++, placed);
    const key = keyOfPart(operation, this.model, this.source);
    const part = this.parts.get(key) ?? this.newPart(key);
    part.call(operation);
    this.underWay.set(placed.index, { id: operation.id, part });
  }

  private newPart(key: string): UnsettledPart<State> {
    const part = new UnsettledPart(key, this.model, {
      configurations: this.configurations,
      source: this.source,
    });
    this.parts.set(key, part);
    return part;
  }

  private end(call: PlacedEvent, placed: PlacedEvent): void {
    const { type, key, f } = placed.event;
    if (key !== undefined && call.event.key === undefined) {
      const place = placed.event.line ?? `event ${placed.index + 1}`;
      throw new InputError(
        `${this.source}:${place}: ${f} tells its key with the answer: ` +
          "where events come one by one, it must be told with the call",
      );
    }
    const { id, part } = this.underWay.get(call.index) as UnderWay<State>;
    this.underWay.delete(call.index);
    part.end(id, type === "fail" ? undefined : operationOf(id, call, placed));
  }
}
