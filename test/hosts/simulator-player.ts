/** Two small nodes for the simulator's tests, and simulations of them. */
import { Simulator } from "dabbawala/hosts";
import type { NetworkOptions, Placement, SimulatorOptions } from "dabbawala/hosts";
import type { Event, Host, Message, Node } from "dabbawala/protocol";

export type Ball = Message & { readonly number: number; readonly padding?: string };
export type BallSimulator = Simulator<Ball, string>;

export interface PlayerOptions {
  readonly balls: number;
  readonly everyMs: number;
  readonly padding: string;
  /** Saves what it throws before it throws it. */
  readonly isSaving: boolean;
}

/** Throws a ball to its peers every 10 ms and writes down what it catches, and when. */
export class Player implements Node<Ball, string> {
  caught: string[] = [];
  thrown = 0;
  startedWith: Record<string, unknown> = {};
  constructor(
    readonly id: string,
    readonly peers: readonly string[],
    readonly options: Partial<PlayerOptions> = {},
  ) {}

  handle(event: Event<Ball, string>, host: Host<Ball, string>): void {
    if (event.kind === "start") this.startedWith = { ...event.saved };
    if (event.kind === "message") this.catchBall(event.message, host);
    else if (this.thrown < (this.options.balls ?? 0)) this.throwBall(host);
  }

  private catchBall({ number }: Ball, host: Host<Ball, string>): void {
    this.caught.push(`${number}@${host.nowMs}`);
    host.note("caught", number);
  }

  private throwBall(host: Host<Ball, string>): void {
    const { isSaving = false, padding, everyMs = 10 } = this.options;
    const number = this.thrown++;
    if (isSaving) host.save(`thrown/${number}`, number);
    for (const peer of this.peers) {
      host.send(peer, { type: "ball", number, ...(padding !== undefined && { padding }) });
    }
    host.setTimer("throw", everyMs);
  }
}

export const oneMs: Partial<NetworkOptions> = { latency: { kind: "constant", ms: 1 } };

type Given = Partial<SimulatorOptions<Ball, string>>;
type Thrower = Partial<PlayerOptions> & { readonly placement?: Placement<PlayerOptions> };

/** n1 throws balls to n2. */
export function pair(thrower: Thrower, given: Given = {}): BallSimulator {
  const { placement, ...options } = thrower;
  const simulator = new Simulator<Ball, string>({ seed: 4, network: oneMs, ...given });
  simulator.add("n1", Player, { options, ...placement });
  simulator.add("n2", Player);
  return simulator;
}

/** Everybody throws to everybody. */
export function ring(size: number, balls: number, given: Given = {}): BallSimulator {
  const simulator = new Simulator<Ball, string>({ seed: 4, network: oneMs, ...given });
  for (let i = 1; i <= size; i++) {
    simulator.add(`n${i}`, Player, { options: { balls, isSaving: true } });
  }
  return simulator;
}

/** Each as `number@local time`. */
export function caught(simulator: BallSimulator, id = "n2"): readonly string[] {
  return (simulator.nodeOf(id) as Player).caught;
}
