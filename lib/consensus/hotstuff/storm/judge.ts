/**
 * What holds of HotStuff, whatever f replicas do: correct replicas decide the same block at every
 * height, what they decide was asked for, their states are equal at equal heights, a correct one
 * votes once a view, and a client is told what the agreed history says. In the end all is done.
 */
import type { GroupJudge, GroupView, SimulatedNote, StormFailure } from "../../../hosts";
import type { Message } from "../../../protocol";
import { digestOf } from "../../signatures";
import type { HotStuff } from "../hotstuff";
import type { HotStuffTimer } from "../messages";
import type { Member } from "./member";
import type { HotStuffStormPlan } from "./plan";

type Failure = StormFailure | undefined;

export class HotStuffJudge implements GroupJudge<Member, Message, HotStuffTimer> {
  /** Names of decided blocks and digests of the states after them, by height. */
  private readonly decided = new Map<number, string>();
  private readonly states = new Map<number, string>();
  private readonly looked = new WeakMap<HotStuff, number>();
  /** Results by client, in the order of its commands, as correct replicas have them. */
  private readonly results = new Map<string, string>();
  private readonly answers = new Map<string, number>();

  constructor(private readonly plan: HotStuffStormPlan) {}

  onEvent({ replica }: Member): Failure {
    return replica && (this.agreement(replica) ?? this.sameState(replica));
  }

  private agreement(replica: HotStuff): Failure {
    const from = this.looked.get(replica) ?? -1;
    let height = -1;
    for (const name of replica.decided) {
      height = replica.blocks.get(name)?.height ?? -1;
      if (height <= from) continue;
      const known = this.decided.get(height) ?? name;
      this.decided.set(height, name);
      if (known === name) continue;
      const detail = `${replica.id} decides another block at height ${height}`;
      return { property: "agreement", detail };
    }
    this.looked.set(replica, height);
    return undefined;
  }

  private sameState(replica: HotStuff): Failure {
    const { machine, machineState, executed, decided, blocks } = replica;
    const height = blocks.get(decided[decided.length - 1] ?? "")?.height ?? 0;
    const text = digestOf([machine.toJson(machineState), [...executed]]);
    const known = this.states.get(height) ?? text;
    this.states.set(height, text);
    for (const [client, { requestId, result }] of executed) {
      this.results.set(`${client} ${requestId}`, JSON.stringify(result));
    }
    if (known === text) return undefined;
    return { property: "sameState", detail: `${replica.id} differs after height ${height}` };
  }

  onNote({ node, label, detail }: SimulatedNote): Failure {
    const isTraitor = this.plan.traitors[node] !== undefined;
    if (label === "forked" && !isTraitor) {
      return { property: "agreement", detail: `${node} sees a fork` };
    }
    if (label !== "ok" || !node.startsWith("c")) return undefined;
    const requestId = (this.answers.get(node) ?? 0) + 1;
    this.answers.set(node, requestId);
    const agreed = this.results.get(`${node} ${requestId}`);
    const { value } = detail as { value: unknown };
    const told = JSON.stringify({ kind: "ok", value });
    if (agreed === told) return undefined;
    const text = `${node} was told ${told} for its command ${requestId}, agreed is ${agreed}`;
    return { property: "answers", detail: text };
  }

  unsettled({ names, nodeOf }: GroupView<Member>): Failure {
    const { operationsEach } = this.plan;
    const waits = names.find(
      (id) => id.startsWith("c") && (this.answers.get(id) ?? 0) < operationsEach,
    );
    if (waits !== undefined) {
      const done = this.answers.get(waits) ?? 0;
      return { property: "liveness", detail: `${waits} has ${done} of ${operationsEach} answers` };
    }
    const down = names.find((id) => nodeOf(id) === undefined);
    return down === undefined ? undefined : { property: "liveness", detail: `${down} is down` };
  }
}
