/**
 * Anti-entropy: now and then each replica compares all it has with a random other, so that every
 * write reaches everybody in the end, whatever was lost before.
 *
 * Source: A. Demers et al., PODC 1987, section 1.3, ResolveDifference by push, pull or both, with
 * checksums first. Death certificates are kept for ever; dormant ones (section 2) are not here.
 * Assumes: nodes crash and restart with what they saved; messages are lost, late, repeated.
 * Guarantees: replicas that can reach each other become equal; of two writes of a key all keep the
 * same one, the later by (counter, writer), and drop the other.
 * Cost: O(log n) cycles; two small messages a comparison, and all entries where sums differ.
 */
import { inRange, oneOf, withDefaults } from "../../basics";
import type { Event, Host, Message, Node, NodeId } from "../../protocol";
import { emptyDatabase, isLater, merge } from "./database";
import type { Entry, Stamp } from "./database";
import { defaultTopology, drawPeers, peerChoice } from "./peer-choice";
import type { PeerChoice, TopologyOptions } from "./peer-choice";
import { gossipModes } from "./rumour-monger";
import type { GossipMode } from "./rumour-monger";

/** `value` null deletes the key. */
export type AntiEntropyMessage =
  | (Message & { readonly type: "write"; readonly key: string; readonly value: unknown })
  | (Message & { readonly type: "written" })
  | (Message & { readonly type: "read"; readonly key: string })
  | (Message & { readonly type: "value"; readonly value: unknown })
  | (Message & { readonly type: "compare"; readonly checksum: number })
  | (Message & { readonly type: "differs" })
  | (Message & {
      readonly type: "entries";
      readonly entries: readonly Entry[];
      readonly isPull: boolean;
    });

export interface AntiEntropyOptions extends TopologyOptions {
  /** Time between two comparisons of a node; default 500 ms. */
  readonly cycleMs: number;
  /** Who gives, who takes: push is slow at the end, pull and both are fast. Default "pushPull". */
  readonly mode: GossipMode;
}

export const defaultAntiEntropyOptions: AntiEntropyOptions = {
  cycleMs: 500,
  mode: "pushPull",
  ...defaultTopology,
};

type AntiEntropyHost = Host<AntiEntropyMessage, "cycle">;

export class AntiEntropy implements Node<AntiEntropyMessage, "cycle"> {
  readonly options: AntiEntropyOptions;
  readonly database = emptyDatabase();
  private choice: PeerChoice;

  /** Throws a RangeError for an option that is wrong. */
  constructor(
    readonly id: NodeId,
    peers: readonly NodeId[],
    options: Partial<AntiEntropyOptions> = {},
  ) {
    this.options = withDefaults("AntiEntropy", defaultAntiEntropyOptions, options);
    oneOf("mode", this.options.mode, gossipModes);
    inRange("cycleMs", this.options.cycleMs, { min: 0.1, max: 86_400_000 });
    this.choice = peerChoice(id, peers, this.options);
  }

  /** From now on it calls these, as a membership service knows them. */
  setPeers(peers: readonly NodeId[]): void {
    this.choice = peerChoice(this.id, peers, this.options);
  }

  handle(event: Event<AntiEntropyMessage, "cycle">, host: AntiEntropyHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.compare(host);
    else this.hear(event.from, event.message, host);
  }

  /** The order of writes on which all replicas agree. */
  protected isNewer(heard: Stamp, known: Stamp): boolean {
    return isLater(heard, known);
  }

  private start(saved: Readonly<Record<string, unknown>>, host: AntiEntropyHost): void {
    for (const entry of Object.values(saved)) merge(this.database, entry as Entry);
    host.setTimer("cycle", host.random() * this.options.cycleMs);
  }

  private compare(host: AntiEntropyHost): void {
    const { checksum } = this.database;
    for (const peer of drawPeers(this.choice, 1, host)) {
      host.send(peer, { type: "compare", checksum });
    }
    host.setTimer("cycle", this.options.cycleMs);
  }

  private hear(from: NodeId, message: AntiEntropyMessage, host: AntiEntropyHost): void {
    switch (message.type) {
      case "write":
        return this.onWrite(from, message, host);
      case "read":
        return this.onRead(from, message, host);
      case "compare":
        return this.onCompare(from, message.checksum, host);
      case "differs":
        return this.sendEntries(from, [...this.database.entries.values()], host);
      case "entries":
        return this.onEntries(from, message, host);
      case "written":
      case "value":
        return;
      default:
        message satisfies never;
        return host.note("ignoredMessage", (message as AntiEntropyMessage).type);
    }
  }

  private onWrite(
    from: NodeId,
    { key, value, requestId }: Extract<AntiEntropyMessage, { type: "write" }>,
    host: AntiEntropyHost,
  ): void {
    const stamp = { time: this.database.time + 1, writer: this.id };
    this.take({ key, value, stamp }, host);
    if (requestId !== undefined) host.send(from, { type: "written", requestId });
  }

  private onRead(
    from: NodeId,
    { key, requestId }: Extract<AntiEntropyMessage, { type: "read" }>,
    host: AntiEntropyHost,
  ): void {
    const value = this.database.entries.get(key)?.value ?? null;
    host.send(
      from,
      requestId === undefined ? { type: "value", value } : { type: "value", value, requestId },
    );
  }

  /** Checksums that agree end the comparison; otherwise all entries go the way of the mode. */
  private onCompare(from: NodeId, checksum: number, host: AntiEntropyHost): void {
    if (checksum === this.database.checksum) return;
    if (this.options.mode === "push") return host.send(from, { type: "differs" });
    this.sendEntries(from, [...this.database.entries.values()], host);
  }

  private sendEntries(to: NodeId, entries: readonly Entry[], host: AntiEntropyHost): void {
    host.send(to, { type: "entries", entries, isPull: this.options.mode === "pushPull" });
  }

  /** In both directions: what was newer here goes back. */
  private onEntries(
    from: NodeId,
    { entries, isPull }: Extract<AntiEntropyMessage, { type: "entries" }>,
    host: AntiEntropyHost,
  ): void {
    const theirs = new Map(entries.map((entry) => [entry.key, entry]));
    const newer = [...this.database.entries.values()].filter(({ key, stamp }) => {
      const other = theirs.get(key);
      return other === undefined || this.isNewer(stamp, other.stamp);
    });
    for (const entry of entries) this.take(entry, host);
    if (!isPull || newer.length === 0) return;
    host.send(from, { type: "entries", entries: newer, isPull: false });
  }

  private take(entry: Entry, host: AntiEntropyHost): void {
    const isNewer = (heard: Stamp, known: Stamp): boolean => this.isNewer(heard, known);
    if (!merge(this.database, entry, isNewer)) return;
    host.save(`entry/${entry.key}`, entry);
    host.note("learned", { key: entry.key });
  }
}
