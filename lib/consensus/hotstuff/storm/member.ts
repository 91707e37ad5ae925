/**
 * Whoever is in the storm, by its name: a correct replica, a traitor or a client.
 *
 * Source: none of its own. Assumes, Guarantees, Cost: those of the one it is.
 */
import type { Event, Node, NodeId, Protocol } from "../../../protocol";
import { hotStuffLiars } from "../adversaries";
import { HotStuffClient } from "../client";
import { HotStuff } from "../hotstuff";
import type { HotStuffMessage, HotStuffTimer } from "../messages";
import type { HotStuffHost } from "../state";
import type { HotStuffStormPlan } from "./plan";

type HotStuffNode = Node<HotStuffMessage, HotStuffTimer>;
export type ReplicaClass = Protocol<HotStuffMessage, HotStuffTimer, object>;

export interface Member extends HotStuffNode {
  /** Undefined for a traitor and for a client. */
  readonly replica: HotStuff | undefined;
}

export function memberClass(
  plan: HotStuffStormPlan,
  replica: ReplicaClass,
): new (id: NodeId, peers: readonly NodeId[]) => Member {
  return class implements Member {
    readonly inner: HotStuffNode;

    constructor(
      readonly id: NodeId,
      peers: readonly NodeId[],
    ) {
      this.inner = innerOf(id, peers);
    }

    get replica(): HotStuff | undefined {
      const isCorrect = this.inner instanceof HotStuff && plan.traitors[this.id] === undefined;
      return isCorrect ? (this.inner as HotStuff) : undefined;
    }

    handle(event: Event<HotStuffMessage, HotStuffTimer>, host: HotStuffHost): void {
      this.inner.handle(event, host);
    }
  };

  function innerOf(id: NodeId, peers: readonly NodeId[]): HotStuffNode {
    const { traitors, options } = plan;
    if (id.startsWith("c")) return new HotStuffClient(id, peers, clientOptions(plan, id));
    const lie = traitors[id];
    if (lie === undefined) return new replica(id, peers, options);
    const extra = lie === "splitBrain" ? { traitors: Object.keys(traitors) } : {};
    return new hotStuffLiars[lie](id, peers, { ...options, ...extra });
  }
}

function clientOptions({ operationsEach }: HotStuffStormPlan, id: NodeId): object {
  const operations = Array.from({ length: operationsEach }, (_, i) => {
    return { command: { op: "append", key: i % 2 === 0 ? "all" : id, value: `${id}.${i} ` } };
  });
  return { operations, thinkMs: 100, retryMs: 300 };
}
