/**
 * A crowd of passengers in one node, for measurements: they come when they come, whether or not
 * others have been served (an open loop), wait as long as their patience lasts, ask again, and go.
 *
 * Source: B. Schroeder, A. Wierman and M. Harchol-Balter, "Open versus closed: a cautionary tale",
 * NSDI 2006, for why a closed loop would hide the rush.
 * Assumes: nothing of servers; answers that come too late are for nobody.
 * Guarantees: each passenger ends served, refused for good, or gone.
 * Cost: a message for each try; the times of those served are kept, `maxTimes` of them.
 */
import type { ClientAnswer, RaftMessage } from "../../../../consensus/raft";
import { inRange, wholeInRange } from "../../../../basics";
import type { Event, Host, Node, NodeId } from "../../../../protocol";
import type { BookingAnswer, BookingCommand, BookingRequestFor } from "../commands";
import { shardOf } from "../shards";

export interface CrowdOptions {
  /** Passengers a second, for one second each: [200, 190.5, ...]. Default none. */
  readonly perSecond: readonly number[];
  /** They ask again after so long without an answer, in ms; default 3,000. */
  readonly patienceMs: number;
  /** Tries of each passenger; default 3. */
  readonly tries: number;
  /** Every so many-th passenger is a robot that asks under `robotKeys` keys at once; default 0. */
  readonly robotEvery: number;
  readonly robotKeys: number;
  /** What they ask for is drawn from these. */
  readonly requests: readonly BookingRequestFor[];
  /** The first comes so long after the start, in ms; null: after a "begin". Default 0. */
  readonly startMs: number | null;
  /** Whom to ask for the trains of each shard: its gate, or its servers. Default: all peers. */
  readonly shards: readonly (readonly NodeId[])[] | null;
}

export type CrowdMessage = RaftMessage | { readonly type: "begin" };

interface Passenger {
  readonly key: string;
  readonly requestId: number;
  readonly command: BookingCommand;
  readonly shard: number;
  readonly sinceMs: number;
  tries: number;
}

type Timer = { readonly arrive: number } | { readonly patience: number };
type CrowdHost = Host<CrowdMessage, Timer>;
const defaults: CrowdOptions = {
  ...{ perSecond: [], patienceMs: 3_000, tries: 3, robotEvery: 0, robotKeys: 20 },
  ...{ requests: [], startMs: 0, shards: null },
};
const maxTimes = 1_000_000;

export class Crowd implements Node<CrowdMessage, Timer> {
  readonly options: CrowdOptions;
  came = 0;
  /** In each second from the first on. */
  readonly cameBySecond: number[] = [];
  /** Who had an answer: ms from coming to the answer, and when they came, after the first. */
  readonly times: number[] = [];
  readonly cameAtMs: number[] = [];
  /** Of these, while people still came. */
  servedInRush = 0;
  gaveUp = 0;
  /** Of those served: who has a ticket; the others were refused for good. */
  tickets = 0;
  /** The same times, of those who are no robots. */
  readonly peopleTimes: number[] = [];
  private readonly waiting = new Map<number, Passenger>();
  private users = 0;
  private beganMs: number | null = null;
  /** By shard: whom all ask now, a gate or the server that leads as far as they know. */
  private readonly asked: number[];
  private readonly doors: readonly (readonly NodeId[])[];
  private readonly shardOf: readonly number[];

  /** `peers`: gates, or the servers of a shard. Throws a RangeError for a wrong option. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<CrowdOptions> = {},
  ) {
    this.options = { ...defaults, ...options };
    const { requests, patienceMs, shards } = this.options;
    if (requests.length === 0) throw new RangeError("a crowd needs requests");
    inRange("patienceMs", patienceMs, { min: 1, max: 86_400_000 });
    const { perSecond, tries, robotEvery, robotKeys } = this.options;
    for (const rate of perSecond) inRange("perSecond", rate, { min: 0, max: 1_000_000 });
    wholeInRange("tries", tries, { min: 1, max: 1_000 });
    wholeInRange("robotEvery", robotEvery, { min: 0, max: 1_000_000 });
    wholeInRange("robotKeys", robotKeys, { min: 1, max: 10_000 });
    this.doors = shards ?? [peers];
    this.asked = this.doors.map(() => 0);
    this.shardOf = requests.map(({ departure }) => shardOf(departure, this.doors.length));
  }

  /** People who wait for an answer. */
  get waitingCount(): number {
    return this.waiting.size;
  }

  get servedCount(): number {
    return this.times.length;
  }

  handle(event: Event<CrowdMessage, Timer>, host: CrowdHost): void {
    const { startMs } = this.options;
    if (event.kind === "start") {
      if (startMs !== null) host.setTimer({ arrive: 0 }, startMs);
    } else if (event.kind === "timer") this.ring(event.timer, host);
    else if (event.message.type === "answer") this.hear(event.message, host);
    else if (event.message.type === "begin") host.setTimer({ arrive: 0 }, 0);
  }

  private ring(timer: Timer, host: CrowdHost): void {
    if ("arrive" in timer) return this.arrive(timer.arrive, host);
    const passenger = this.waiting.get(timer.patience);
    if (passenger === undefined) return;
    if (++passenger.tries <= this.options.tries) return this.send(passenger, host);
    this.waiting.delete(passenger.requestId);
    this.gaveUp++;
  }

  /** All who are due come, and the gap to the next is drawn: Poisson, with this second's rate. */
  private arrive(dueMs: number, host: CrowdHost): void {
    this.beganMs ??= host.nowMs;
    const nowMs = host.nowMs - this.beganMs;
    let atMs = dueMs;
    do {
      const rate = this.options.perSecond[Math.floor(atMs / 1_000)];
      if (rate === undefined) return;
      const gapMs = rate === 0 ? 1_000 : (-1_000 / rate) * Math.log(1 - host.random());
      const nextMs = Math.min(atMs + gapMs, 1_000 * (Math.floor(atMs / 1_000) + 1));
      if (nextMs === atMs + gapMs) this.come(host);
      atMs = nextMs;
    } while (atMs <= nowMs); // a real timer may be late
    host.setTimer({ arrive: atMs }, atMs - nowMs);
  }

  private come(host: CrowdHost): void {
    const { robotEvery, robotKeys } = this.options;
    const user = ++this.users;
    const second = Math.floor((host.nowMs - (this.beganMs ?? 0)) / 1_000);
    while (this.cameBySecond.length <= second) this.cameBySecond.push(0);
    const isRobot = robotEvery > 0 && user % robotEvery === 0;
    for (let i = 0; i < (isRobot ? robotKeys : 1); i++) {
      const requestId = ++this.came;
      this.cameBySecond[second]++;
      const key = `${this.id}-${isRobot ? "robot" : "user"}-${user}/${i}`;
      const drawn = this.draw(key, host);
      const passenger = { key, requestId, sinceMs: host.nowMs, tries: 1, ...drawn };
      this.waiting.set(requestId, passenger);
      this.send(passenger, host);
    }
  }

  private draw(key: string, host: CrowdHost): Pick<Passenger, "command" | "shard"> {
    const { requests } = this.options;
    const at = Math.floor(host.random() * requests.length);
    const command = { op: "book", key, ...(requests[at] as BookingRequestFor) } as const;
    return { command, shard: this.shardOf[at] as number };
  }

  private send({ requestId, command, shard }: Passenger, host: CrowdHost): void {
    const door = this.doors[shard] as readonly NodeId[];
    const to = door[(this.asked[shard] as number) % door.length] as NodeId;
    host.send(to, { type: "command", requestId, command });
    host.setTimer({ patience: requestId }, this.options.patienceMs);
  }

  private hear(answer: ClientAnswer, host: CrowdHost): void {
    const { requestId } = answer;
    const passenger = this.waiting.get(requestId);
    if (passenger === undefined) return;
    if (answer.kind === "notLeader") return this.turnTo(answer.leader, passenger, host);
    if (answer.kind !== "ok") return; // who is refused waits, then asks again
    this.waiting.delete(requestId);
    if ((answer.result as BookingAnswer).kind === "ticket") this.tickets++;
    host.cancelTimer({ patience: requestId });
    if (this.times.length >= maxTimes) return;
    const tookMs = host.nowMs - passenger.sinceMs;
    if (!passenger.key.includes("robot")) this.peopleTimes.push(tookMs);
    this.times.push(tookMs);
    const beganMs = this.beganMs ?? 0;
    this.cameAtMs.push(Math.floor(passenger.sinceMs - beganMs));
    const { perSecond } = this.options;
    if (host.nowMs - beganMs < 1_000 * perSecond.length) this.servedInRush++;
  }

  /** Where nobody is known to lead, patience runs out and the next one is asked. */
  private turnTo(leader: NodeId | null, passenger: Passenger, host: CrowdHost): void {
    const { shard } = passenger;
    const asked = this.asked[shard] as number;
    const at = leader === null ? asked + 1 : (this.doors[shard] as NodeId[]).indexOf(leader);
    if (at < 0 || at === asked) return;
    this.asked[shard] = at;
    if (leader !== null) this.send(passenger, host);
  }
}
