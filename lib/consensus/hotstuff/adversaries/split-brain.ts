/**
 * A traitor with two faces: to one part of the correct replicas it is one HotStuff replica, to the
 * rest another, and its fellow traitors play along. With f traitors neither face finds a quorum;
 * with f + 1 each part decides a history of its own.
 *
 * Source: the proof that 3f replicas are too few (Bracha and Toueg 1985; Castro and Liskov 1999,
 * section 3), played.
 * Assumes: traitors know each other. Guarantees: none, by intention. Cost: two replicas'.
 */
import { aroundHost } from "../../../protocol";
import type { Event, Node, NodeId } from "../../../protocol";
import { HotStuff } from "../hotstuff";
import type { HotStuffMessage, HotStuffTimer } from "../messages";
import type { HotStuffOptions } from "../options";
import { faultsOf } from "../../pbft/rules";
import type { HotStuffRules } from "../rules";
import type { HotStuffHost } from "../state";

export interface SplitBrainOptions extends HotStuffOptions {
  /** All of them, this one too. */
  readonly traitors: readonly NodeId[];
  /** Calls 2f votes a certificate, where others may not look. Default: with f traitors or fewer. */
  readonly isHasty: boolean;
}

type Face = 0 | 1;
/** Among traitors a message says which face it is for. */
type Faced = HotStuffMessage & { readonly face?: Face };

class FaceReplica extends HotStuff {
  isHasty = true;

  override get rules(): HotStuffRules {
    const few = (replicas: number): number => 2 * faultsOf(replicas);
    const quorum = this.isHasty ? few : super.rules.quorum;
    return { ...super.rules, quorum, isNewer: () => true, isSafe: () => true };
  }
}

export class SplitBrainReplica implements Node<HotStuffMessage, HotStuffTimer> {
  /** The fields of each: a node's own fields are plain data. */
  private readonly faces: [object, object];
  private readonly traitors: readonly NodeId[];
  /** The correct replicas, every second one for the first face. */
  private readonly loyal: readonly NodeId[];

  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    { traitors = [id], isHasty, ...options }: Partial<SplitBrainOptions> = {},
  ) {
    const face = (): FaceReplica => new FaceReplica(id, peers, options);
    const { replicas } = face();
    const few = isHasty ?? traitors.length <= faultsOf(replicas.length);
    this.faces = [
      { ...face(), isHasty: few },
      { ...face(), isHasty: few },
    ];
    this.traitors = traitors;
    this.loyal = replicas.filter((replica) => !traitors.includes(replica));
  }

  handle(event: Event<HotStuffMessage, HotStuffTimer>, host: HotStuffHost): void {
    if (event.kind === "timer") {
      const [face, timer] = event.timer.split(" ") as [string, HotStuffTimer];
      return this.play(Number(face) as Face, { kind: "timer", timer }, host);
    }
    if (event.kind === "start") {
      for (const face of [0, 1] as const) this.play(face, { ...event, saved: {} }, host);
      return;
    }
    const told = (event.message as Faced).face;
    this.play(told === 0 || told === 1 ? told : this.faceFor(event.from), event, host);
  }

  /** Clients are told apart too, so that the two histories differ. */
  private faceFor(other: NodeId): Face {
    const place = this.loyal.indexOf(other);
    return ((place >= 0 ? place : Number(other.slice(1))) % 2) as Face;
  }

  private play(face: Face, event: Event<HotStuffMessage, HotStuffTimer>, host: HotStuffHost): void {
    const named = (timer: HotStuffTimer): HotStuffTimer => `${face} ${timer}` as HotStuffTimer;
    const send = (to: NodeId, message: HotStuffMessage): void => {
      const isTraitor = this.traitors.includes(to);
      if (isTraitor) host.send(to, { ...message, face } as Faced);
      else if (this.faceFor(to) === face || !this.loyal.includes(to)) host.send(to, message);
    };
    const changes = {
      send,
      save: () => undefined,
      setTimer: (timer: HotStuffTimer, afterMs: number) => host.setTimer(named(timer), afterMs),
      cancelTimer: (timer: HotStuffTimer) => host.cancelTimer(named(timer)),
    };
    const replica = Object.create(FaceReplica.prototype) as FaceReplica;
    Object.assign(replica, this.faces[face]);
    replica.handle(event, aroundHost(host, changes));
    this.faces[face] = { ...replica };
  }
}
