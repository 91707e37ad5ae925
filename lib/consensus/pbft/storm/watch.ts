/**
 * What must never be, whatever f replicas do: looked at after every event of a correct replica and
 * every answer that a client believes.
 *
 * Source: Castro and Liskov 1999, sections 3 and 4: safety, watermarks, stable checkpoints.
 */
import type { StormFailure } from "../../../hosts";
import type { NodeId } from "../../../protocol";
import { checkEvidence } from "../evidence";
import type { Digest, PbftReply } from "../messages";
import type { Pbft } from "../pbft";
import { provenCheckpoint } from "../state";
import { quorumOf } from "./quorum";

interface Placed {
  readonly sequence: number;
  readonly digest: Digest;
}

export class PbftWatch {
  failure: StormFailure | undefined;
  /** By sequence number: what a correct replica committed or executed there first. */
  private readonly decided = new Map<number, { readonly by: NodeId; readonly digest: Digest }>();
  /** The requests that were executed there first. */
  private readonly done = new Map<number, { readonly by: NodeId; readonly text: string }>();
  private readonly stable = new Map<number, { readonly by: NodeId; readonly digest: Digest }>();
  /** Results that correct replicas sent, by client, timestamp and kind. */
  private readonly results = new Map<string, Set<string>>();
  private readonly judged = new Map<NodeId, number>();

  constructor(
    private readonly liars: ReadonlySet<NodeId>,
    private readonly publicKeys: Readonly<Record<NodeId, string>>,
  ) {}

  fail(property: string, detail: string): void {
    this.failure ??= { property, detail };
  }

  /** A note of any node. */
  hear({ node, label, detail }: { node: NodeId; label: string; detail?: unknown }): void {
    if (this.liars.has(node) || !node.startsWith("n")) return;
    if (label === "committed" || label === "executed") {
      this.agree("agreement", this.decided, node, detail as Placed);
    }
    if (label === "stable") this.agree("stableCheckpoint", this.stable, node, detail as Placed);
    if (label !== "evidence") return;
    const { accused } = detail as { accused: NodeId };
    if (!this.liars.has(accused)) this.fail("falseEvidence", `${node} accuses ${accused}`);
  }

  /** A correct replica has executed this text of requests. */
  executed(node: NodeId, sequence: number, text: string): void {
    const first = this.done.get(sequence);
    if (first === undefined) this.done.set(sequence, { by: node, text });
    else if (first.text !== text) {
      this.fail("execution", `${first.by} and ${node} execute other requests at ${sequence}`);
    }
  }

  /** Correct replicas have the same at a sequence number, in whatever view. */
  private agree(
    property: string,
    known: Map<number, { readonly by: NodeId; readonly digest: Digest }>,
    node: NodeId,
    { sequence, digest }: Placed,
  ): void {
    const first = known.get(sequence);
    if (first === undefined) known.set(sequence, { by: node, digest });
    else if (first.digest !== digest) {
      const ends = `${first.digest.slice(0, 6)} at ${first.by}, ${digest.slice(0, 6)} at ${node}`;
      this.fail(property, `sequence ${sequence} has two contents: ${ends}`);
    }
  }

  /** A correct replica after an event. */
  observe(replica: Pbft): void {
    const { id, slots, stable, options, size, evidence } = replica;
    const low = provenCheckpoint(replica).sequence;
    for (const sequence of slots.keys()) {
      if (sequence > stable.sequence && sequence <= low + options.watermarkWindow) continue;
      this.fail("watermarks", `${id} has ${sequence}, its low watermark is ${low}`);
    }
    if (stable.sequence > 0) {
      const voices = new Set(stable.proof.map((checkpoint) => checkpoint.replica));
      const isSame = stable.proof.every((each) => {
        return each.digest === stable.digest && each.sequence === stable.sequence;
      });
      if (voices.size < quorumOf(size.n) || !isSame) {
        this.fail("checkpointProof", `${id} has ${stable.sequence} stable by ${voices.size}`);
      }
    }
    if (options.authentication === "signatures") this.judgeEvidence(id, evidence);
  }

  /** What a correct replica keeps as evidence convinces a stranger. */
  private judgeEvidence(id: NodeId, evidence: Pbft["evidence"]): void {
    for (const each of evidence.slice(this.judged.get(id) ?? 0)) {
      const verdict = checkEvidence(each, this.publicKeys);
      if (verdict.kind === "rejected") this.fail("weakEvidence", `${id}: ${verdict.reason}`);
    }
    this.judged.set(id, evidence.length);
  }

  /** A correct replica answers. */
  answered(reply: PbftReply): void {
    const key = keyOf(reply);
    let texts = this.results.get(key);
    if (texts === undefined) this.results.set(key, (texts = new Set()));
    texts.add(JSON.stringify(reply.result));
  }

  /** A client believes this, and so many others like it. */
  believed(client: NodeId, reply: PbftReply): void {
    const text = JSON.stringify(reply.result);
    if (this.results.get(keyOf(reply))?.has(text) === true) return;
    this.fail("believedLie", `${client} believes ${text}, which no correct replica has said`);
  }
}

function keyOf({ client, timestamp, isReadOnly }: PbftReply): string {
  return `${client} ${timestamp} ${isReadOnly}`;
}
