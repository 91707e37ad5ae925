/**
 * What holds of a Chord ring in a storm: Zave's invariants after every event; no acknowledged block
 * is lost; on a ring that is right, lookups are, and gets find; in the end every pointer is right,
 * and each block has its r copies, where they belong and nowhere else.
 */
import type { GroupAction, GroupJudge, GroupView, SimulatedNote } from "../../../hosts";
import type { StormFailure } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import type { Chord } from "../chord";
import type { ChordMessage, ChordTimer } from "../messages";
import { placeOf } from "../places";
import type { ChordWeather } from "./plan";
import { membersOf, ownersOf, pointerFailure, ringFailure } from "./ring";
import type { Members } from "./ring";

/** Lookups that began before the ring was right have ended by then. */
const lookupMs = 1_000;
/** All copies are where they belong by then. */
const copiesMs = 2_500;

type View = GroupView<Chord>;

export class RingJudge implements GroupJudge<Chord, ChordMessage, ChordTimer> {
  private readonly values = new Map<string, unknown>();
  private readonly acknowledged = new Set<string>();
  private rightSinceMs: number | undefined;
  /** What was there when the ring was last looked at. */
  private seen: readonly Pointers[] = [];
  private blocks = 0;

  constructor(private readonly weather: ChordWeather) {}

  onAction(action: GroupAction<ChordMessage>): void {
    if (action.kind !== "tell" || action.message.type !== "put") return;
    this.values.set(action.message.key, action.message.value);
  }

  onEvent(_: Chord, __: unknown, view: View): StormFailure | undefined {
    // Founders start one after the other, at the same moment.
    if (view.nowMs === 0) return undefined;
    const nodes = view.names.map(view.nodeOf);
    const blocks = nodes.reduce((sum, node) => sum + (node?.blocks.size ?? 0), 0);
    const lost = blocks < this.blocks ? this.lost(nodes) : undefined;
    this.blocks = blocks;
    return this.look(nodes, view.nowMs) ?? lost;
  }

  /** At the ring, when a pointer has changed, or a node has come or gone. */
  private look(nodes: readonly (Chord | undefined)[], nowMs: number): StormFailure | undefined {
    // Asked after every event, and so without making a list of all pointers first.
    if (nodes.every((node, i) => hasPointers(node, this.seen[i]))) return undefined;
    this.seen = nodes.map((node) => {
      return { node, part: node?.part, predecessor: node?.predecessor, next: node?.successors };
    });
    const members = membersOf(nodes);
    if (pointerFailure(members) !== undefined) this.rightSinceMs = undefined;
    else this.rightSinceMs ??= nowMs;
    const isPromised = this.weather !== "loss" && this.weather !== "split";
    return isPromised ? ringFailure(members) : undefined;
  }

  private isRightFor(ms: number, nowMs: number): boolean {
    return this.rightSinceMs !== undefined && nowMs - this.rightSinceMs >= ms;
  }

  private lost(nodes: readonly (Chord | undefined)[]): StormFailure | undefined {
    for (const key of this.acknowledged) {
      if (nodes.some((node) => node?.blocks.has(key) === true)) continue;
      return { property: "noBlockIsLost", detail: `${key} was acknowledged, and nobody has it` };
    }
    return undefined;
  }

  onNote({ node, label, detail }: SimulatedNote, view: View): StormFailure | undefined {
    const told = (detail ?? {}) as { key: string; value: unknown };
    if (label === "kept") this.acknowledged.add(told.key);
    if (label === "read") return this.read(told);
    if (label !== "missing" && label !== "found") return undefined;
    // Somebody may have crashed since the last event.
    const broken = this.look(view.names.map(view.nodeOf), view.nowMs);
    if (broken !== undefined) return broken;
    if (label === "missing") return this.missing(told, view);
    return this.found(node, detail as { place: number; owner: NodeId }, view);
  }

  private found(node: NodeId, told: { place: number; owner: NodeId }, view: View) {
    if (!this.isRightFor(lookupMs, view.nowMs)) return undefined;
    const [owner] = ownersOf(told.place, membersOf(view.names.map(view.nodeOf)));
    if (owner === told.owner) return undefined;
    const found = `${node} finds ${told.owner} for place ${told.place}, which is ${owner}'s`;
    return { property: "rightOwner", detail: found };
  }

  private read({ key, value }: { key: string; value: unknown }): StormFailure | undefined {
    if (value === this.values.get(key)) return undefined;
    return { property: "rightValue", detail: `${key} is read as ${JSON.stringify(value)}` };
  }

  private missing({ key }: { key: string }, { nowMs }: View): StormFailure | undefined {
    if (!this.acknowledged.has(key) || !this.isRightFor(copiesMs, nowMs)) return undefined;
    return { property: "getsFind", detail: `${key} was acknowledged, and a get misses it` };
  }

  unsettled(view: View): StormFailure | undefined {
    const nodes = view.names.map(view.nodeOf);
    const members = membersOf(nodes);
    const late = nodes.find((node) => node?.part === "joining" || node?.part === "leaving");
    if (late !== undefined) {
      return { property: "allGetThere", detail: `${late.id} is still ${late.part}` };
    }
    return ringFailure(members) ?? pointerFailure(members) ?? copyFailure(members);
  }
}

/** What a node pointed to when it was looked at; of one that was down, nothing. */
interface Pointers {
  readonly node: Chord | undefined;
  readonly part: Chord["part"] | undefined;
  readonly predecessor: NodeId | null | undefined;
  readonly next: readonly NodeId[] | undefined;
}

function hasPointers(node: Chord | undefined, seen: Pointers | undefined): boolean {
  return (
    seen !== undefined &&
    node === seen.node &&
    node?.part === seen.part &&
    node?.predecessor === seen.predecessor &&
    node?.successors === seen.next
  );
}

/** Of each block, whoever has it: r copies, at its owner and those after it. */
function copyFailure(members: Members): StormFailure | undefined {
  const keys = new Set([...members.values()].flatMap(({ blocks }) => [...blocks.keys()]));
  const [{ options }] = members.values();
  for (const key of keys) {
    const right = ownersOf(placeOf(options, key), members).slice(0, options.successors);
    const holders = [...members.values()].filter(({ blocks }) => blocks.has(key));
    const isRight =
      holders.length === right.length && holders.every(({ id }) => right.includes(id));
    if (isRight) continue;
    const detail = `${key} is at ${holders.map(({ id }) => id).join(", ")}, not ${right.join(", ")}`;
    return { property: "rightCopies", detail };
  }
  return undefined;
}
