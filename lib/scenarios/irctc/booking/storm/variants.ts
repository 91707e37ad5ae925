/**
 * Planted bugs: the booking with one rule broken each. Storms that do not find them are worth
 * nothing, so each must be found; `npm run mutants` says how soon.
 */
import { machineNamed } from "../../../../consensus/raft";
import type { NodeId } from "../../../../protocol";
import { answeredBefore } from "../book";
import type { BookingAnswer, BookingCommand } from "../commands";
import { bookingMachine } from "../machine";
import type { BookingMessage } from "../messages";
import { freePlace } from "../places";
import { bookingRules } from "../rules";
import type { BookingRules } from "../rules";
import { BookingServer } from "../server";
import type { BookingHost, BookingServerOptions } from "../server";
import type { PaymentOrder, Place } from "../state";
import type { BookingStormPlan } from "./plan";

export type BookingServerClass = new (
  id: NodeId,
  peers: readonly NodeId[],
  options?: Partial<BookingServerOptions>,
) => BookingServer;

export interface BookingVariant {
  /** For the command line: the name with hyphens. */
  readonly id: string;
  readonly name: string;
  /** What is broken: "berths", "keys", "time", "money" or "order". */
  readonly about: string;
  readonly server: BookingServerClass;
  /** Of the machine. */
  readonly rules: Partial<BookingRules>;
  /** Where the storm should blow for this one; the seed draws the rest. */
  readonly plan: Partial<BookingStormPlan>;
}

type Chosen = BookingCommand & { readonly chosen?: Place };

/** Looks for a berth when it is asked, and takes it when the command is agreed on. */
class CheckThenAct extends BookingServer {
  protected override stamped(command: BookingCommand, host: BookingHost): BookingCommand {
    const stamped = super.stamped(command, host);
    const departure = command.op === "book" ? this.booking.departures.get(command.departure) : null;
    if (command.op !== "book" || !departure || this.role !== "leader") return stamped;
    return { ...stamped, chosen: freePlace(departure, command, bookingRules) } as Chosen;
  }
}

/** Remembers keys, but only until it is no longer the leader, or starts again. */
class KeysInMemory extends BookingServer {
  private readonly known = new Set<string>();

  protected override hearAny(from: NodeId, message: BookingMessage, host: BookingHost): void {
    const command = message.type === "command" ? (message.command as BookingCommand) : undefined;
    if (this.role !== "leader") this.known.clear();
    if (command?.op !== "book" || this.role !== "leader") return super.hearAny(from, message, host);
    const earlier = answeredBefore(this.booking, command);
    if (!this.known.has(command.key)) {
      this.known.add(command.key);
      super.hearAny(from, message, host);
    } else if (earlier !== undefined && message.type === "command") {
      const { requestId } = message;
      host.send(from, { type: "answer", requestId, kind: "ok", result: earlier });
    }
  }
}

/** Tells the passenger before the others have heard of it. */
class AnswersEarly extends BookingServer {
  protected override hearAny(from: NodeId, message: BookingMessage, host: BookingHost): void {
    const command = message.type === "command" ? (message.command as BookingCommand) : undefined;
    if (command?.op === "book" && message.type === "command" && this.role === "leader") {
      const machine = machineNamed(this.options.machine);
      const copy = machine.fromJson(structuredClone(machine.toJson(this.booking)));
      const result = machine.apply(copy, this.stamped(command, host)) as BookingAnswer;
      const { requestId } = message;
      host.send(from, { type: "answer", requestId, kind: "ok", result });
    }
    super.hearAny(from, message, host);
  }
}

/** Lets time pass by the clock of whoever applies the command. */
class OwnClock extends BookingServer {
  protected override hearAny(from: NodeId, message: BookingMessage, host: BookingHost): void {
    this.booking.clockMs = Math.max(this.booking.clockMs, Math.floor(host.nowMs));
    super.hearAny(from, message, host);
  }
}

/** A refund that is sent again is a new one for the gateway. */
class RefundsAgain extends BookingServer {
  protected override paymentKey(order: PaymentOrder, times: number): string {
    const key = super.paymentKey(order, times);
    return order.kind === "refund" ? `${key}/${times}` : key;
  }
}

const contested = { isJudgedInOrder: false } as const;
const inOrder = { isJudgedInOrder: true } as const;

type Planted = Omit<BookingVariant, "id" | "server" | "rules" | "plan"> &
  Partial<Pick<BookingVariant, "server" | "rules" | "plan">>;

const planted: readonly Planted[] = [
  {
    name: "check-then-act booking",
    about: "berths",
    server: CheckThenAct,
    rules: { placeOf: (command) => (command as Chosen & { chosen?: Place }).chosen },
  },
  {
    name: "a berth is freed on the whole way",
    about: "berths",
    rules: {
      freedStops: (_, { plan }) => ({ from: 0, to: plan.stations.length - 1 }),
    },
  },
  {
    name: "every quota sells every berth",
    about: "berths",
    rules: { berthsFor: ({ layout }) => layout.all },
  },
  {
    name: "key not persisted before the reply",
    about: "keys",
    server: KeysInMemory,
    rules: { hasAnswered: () => false },
  },
  { name: "the answer before the commit", about: "keys", server: AnswersEarly, plan: inOrder },
  {
    name: "expiry by the client's clock",
    about: "time",
    rules: { heldFromMs: ({ clientMs = 0 }) => clientMs },
    plan: { ...contested, maxSkewMs: 3_600_000 },
  },
  { name: "expiry by each server's own clock", about: "time", server: OwnClock, plan: contested },
  {
    name: "promotion out of order",
    about: "order",
    rules: { promotionOrder: (pnrs) => [...pnrs].reverse() },
    plan: contested,
  },
  {
    name: "a tatkal ticket on a seat of RAC",
    about: "berths",
    rules: { seatsFor: ({ layout }) => layout.seats },
    plan: contested,
  },
  {
    name: "tatkal before the general list at the chart",
    about: "order",
    rules: { chartOrder: ["tatkal", "general", "ladies", "senior", "defence"] },
    plan: { ...contested, chartAtMs: 3_800, thinkMs: 0 },
  },
  { name: "refund twice", about: "money", server: RefundsAgain, plan: contested },
  {
    name: "charge without seat",
    about: "money",
    rules: { voidsUnpaid: () => false },
    plan: contested,
  },
  {
    name: "a late payment of a ticket that has ended",
    about: "money",
    rules: { acceptsLate: () => true },
    plan: contested,
  },
];

export const bookingVariants: readonly BookingVariant[] = planted.map((variant) => {
  const id = variant.name.replace(/\W+/g, "-");
  const { server = BookingServer, rules = {}, plan = {} } = variant;
  bookingMachine(`booking ${id}`, rules);
  return { ...variant, id, server, rules, plan };
});
