/**
 * A host that runs one node for Maelstrom: lines in, lines out, real time. It answers `init`
 * itself, and hands everything else to the node.
 *
 * Source: K. Kingsbury, Maelstrom, doc/protocol.md. Ours: a step that throws is a crash of the
 * node: nothing of the step gets out but error 13, and the node starts again from its saves.
 */
import { performance } from "perf_hooks";
import { errorAnswer, step } from "../../protocol";
import type { Effect, ErrorName, Event, Message, Node, NodeId } from "../../protocol";
import type { Saves } from "./saves";
import { answerBody, parseLine, requestOf } from "./wire";
import type { Body, Envelope } from "./wire";
import { RealTimers, chance } from "../real/real-timers";

/** What `init` tells: who a node is, and the others. */
export type BuildNode = (id: NodeId, peers: readonly NodeId[]) => Node;

export interface MaelstromSurroundings {
  readonly build: BuildNode;
  /** The saves of the node with this name. */
  readonly openSaves: (id: NodeId) => Saves;
  readonly writeLine: (line: string) => void;
  /** One sentence for people. */
  readonly log: (sentence: string) => void;
  /** The node's story; by default nobody listens. */
  readonly onNote?: (label: string, detail: unknown) => void;
}

/** Crashes in a row, without a step that works, after which the node stays down. */
const maxCrashes = 3;

export class MaelstromHost {
  private id: NodeId | undefined;
  private nodes: readonly NodeId[] = [];
  private node: Node | undefined;
  private saves: Saves | undefined;
  private readonly timers = new RealTimers();
  private lineNumber = 0;
  private crashes = 0;

  constructor(private readonly world: MaelstromSurroundings) {}

  hearLine(line: string): void {
    this.lineNumber++;
    const parsed = parseLine(line);
    if (parsed.kind === "envelope") return this.hear(parsed.envelope);
    this.world.log(`message ${this.lineNumber}: ${parsed.reason}`);
    if (parsed.answer !== undefined) this.write(parsed.answer);
  }

  /** A line that was not even read. */
  passOver(reason: string): void {
    this.lineNumber++;
    this.world.log(`message ${this.lineNumber}: ${reason}`);
  }

  stop(): void {
    this.timers.stop();
    this.node = undefined;
    this.saves?.close();
  }

  private hear(envelope: Envelope): void {
    const { src, dest, body } = envelope;
    if (body.type === "init") return this.init(envelope);
    if (this.id === undefined) {
      return this.refuse(envelope, "temporarilyUnavailable", "this node waits for its init");
    }
    if (dest !== this.id) return this.passOverMessage(`it is for ${dest}, and this is ${this.id}`);
    if (this.nodes.includes(src)) {
      return this.run({ kind: "message", from: src, message: body as Message });
    }
    if (body.in_reply_to !== undefined) {
      return this.passOverMessage(`${src} answers, but nothing was asked of it`);
    }
    if (this.node === undefined) {
      return this.refuse(envelope, "temporarilyUnavailable", "this node has crashed for good");
    }
    this.run({ kind: "message", from: src, message: requestOf(body) }, envelope);
  }

  private init(envelope: Envelope): void {
    const { body } = envelope;
    const flaw = flawOfInit(body, this.id);
    if (flaw !== undefined) return this.refuse(envelope, "malformedRequest", flaw);
    if (this.id === undefined) {
      const id = body.node_id as NodeId;
      this.nodes = body.node_ids as NodeId[];
      this.saves = this.world.openSaves(id);
      this.id = id;
      this.start();
    }
    this.answer(envelope, { type: "init_ok", requestId: body.msg_id });
  }

  private start(): void {
    const id = this.id as NodeId;
    this.node = this.world.build(
      id,
      this.nodes.filter((other) => other !== id),
    );
    this.run({ kind: "start", saved: this.saves?.all() ?? {} });
  }

  /** One step of the node; `asked` is the request it answers to, if it is one. */
  private run(event: Event, asked?: Envelope): void {
    if (this.node === undefined) return;
    let effects: Effect[];
    try {
      effects = step(this.node, event, { nowMs: performance.now(), random: chance });
    } catch (error) {
      return this.crash(error as Error, asked);
    }
    if (event.kind !== "start") this.crashes = 0;
    for (const effect of effects) this.perform(effect);
    this.saves?.sync();
  }

  private perform(effect: Effect): void {
    switch (effect.kind) {
      case "send":
        this.saves?.sync();
        return this.send(effect.to, effect.message);
      case "setTimer":
        return this.setTimer(effect.timer, effect.afterMs);
      case "cancelTimer":
        return this.timers.cancel(effect.timer);
      case "save":
        return this.saves?.put(effect.key, effect.value);
      case "note":
        return this.world.onNote?.(effect.label, effect.detail);
    }
  }

  /** A request without msg_id wants no answer, and there would be nothing to tell it by. */
  private send(to: NodeId, message: Message): void {
    const src = this.id as NodeId;
    if (this.nodes.includes(to)) this.write({ src, dest: to, body: message as unknown as Body });
    else if (message.requestId !== undefined)
      this.write({ src, dest: to, body: answerBody(message) });
  }

  private setTimer(timer: unknown, afterMs: number): void {
    this.timers.set(timer, afterMs, () => this.run({ kind: "timer", timer }));
  }

  private crash(error: Error, asked?: Envelope): void {
    this.world.log(`the node has crashed: ${error.message}`);
    if (asked !== undefined) this.refuse(asked, "crash", "the node has crashed over this request");
    this.timers.stop();
    this.node = undefined;
    this.crashes++;
    if (this.crashes < maxCrashes) this.start();
    else this.world.log(`the node stays down after ${maxCrashes} crashes in a row`);
  }

  private refuse(envelope: Envelope, name: ErrorName, reason: string): void {
    this.world.log(`message ${this.lineNumber}: ${reason}`);
    if (envelope.body.in_reply_to !== undefined) return;
    this.answer(envelope, errorAnswer(envelope.body.msg_id, name, reason));
  }

  private passOverMessage(reason: string): void {
    this.world.log(`message ${this.lineNumber}: ${reason}`);
  }

  private answer({ src, dest }: Envelope, message: Message): void {
    if (message.requestId === undefined) return;
    this.write({ src: dest, dest: src, body: answerBody(message) });
  }

  private write(envelope: Envelope): void {
    this.world.writeLine(JSON.stringify(envelope));
  }
}

/** Why an init cannot be obeyed; the same one again is only answered again. */
function flawOfInit({ node_id, node_ids }: Body, id: NodeId | undefined): string | undefined {
  if (typeof node_id !== "string" || node_id === "") return "init needs a node's name as node_id";
  const isList = Array.isArray(node_ids) && node_ids.every((name) => typeof name === "string");
  if (!isList) return "init needs a list of names as node_ids";
  if (!node_ids.includes(node_id)) return `init names ${node_id}, which is not among its node_ids`;
  if (id !== undefined && id !== node_id) return `this node is ${id} already, not ${node_id}`;
  return undefined;
}
