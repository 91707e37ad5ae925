/**
 * A place is one thread or process: it runs its nodes, listens for the other places, and has a
 * link to each that it sends to. What happens in one turn of the event loop is sent, and made
 * durable, together.
 */
import { join } from "path";
import { openWayIn } from "../../protocol";
import type { Message, Node, NodeId } from "../../protocol";
import { DiskLog, MemoryDisk } from "./disk-log";
import type { Disk } from "./disk-log";
import { Link } from "./link";
import { Listener } from "./listener";
import { loadProtocol } from "./load-protocol";
import { LatencyHistogram } from "../../basics";
import { noCounts } from "./metrics";
import type { PlaceMetrics } from "./metrics";
import type { AddressBook } from "./sockets";
import { RealNode } from "./real-node";
import type { NodeSetup, PlaceSetup } from "./setup";
import { Story } from "./story";

/** Whom a place tells what it cannot deal with. */
export interface PlaceKeeper {
  log(sentence: string): void;
  /** The place cannot go on, and must be ended at once. */
  fail(sentence: string): void;
}

interface LocalMessage {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly text: string;
}

/** Messages within the place that are handled before its sockets are looked at again. */
const localBatch = 1_000;

export class Place {
  readonly place: string;
  readonly cluster: string;
  readonly counts = noCounts();
  readonly story: Story;
  book: AddressBook = { placeOf: {}, portOf: {} };
  private readonly nodes = new Map<NodeId, RealNode>();
  private readonly links = new Map<string, Link>();
  private readonly listener: Listener;
  private local: LocalMessage[] = [];
  private isStirred = false;
  private isPaused = false;
  private isStopped = false;
  private cpuAtReset = process.cpuUsage();

  /** Throws InputError for a protocol that cannot be loaded or saves that are damaged. */
  constructor(
    private readonly setup: PlaceSetup,
    private readonly keeper: PlaceKeeper,
  ) {
    this.place = setup.place;
    this.cluster = setup.cluster;
    this.story = new Story(setup.maxHistory);
    for (const node of setup.nodes) this.nodes.set(node.id, this.makeNode(node));
    this.listener = new Listener(setup.sockets, this);
  }

  listen(): Promise<number> {
    return this.listener.listen(this.setup.port);
  }

  start(book: AddressBook): void {
    this.book = book;
    this.listener.resume();
    openWayIn((node, message) => this.receive(node, node, message));
    for (const node of this.nodes.values()) node.start();
  }

  log(sentence: string): void {
    this.keeper.log(sentence);
  }

  receive(from: NodeId, to: NodeId, message: Message): void {
    this.nodes.get(to)?.run({ kind: "message", from, message });
  }

  received(): void {
    this.mindTheDisk();
  }

  note(node: NodeId, label: string, detail: unknown): void {
    this.story.tell(node, { label, detail }, this.counts);
  }

  dispatch(from: NodeId, to: NodeId, text: string): void {
    if (this.nodes.has(to)) {
      this.local.push({ from, to, text });
      return this.stir();
    }
    const link = this.linkTo(to);
    if (link === undefined) this.counts.messagesDropped++;
    else link.send(`${JSON.stringify(from)},${JSON.stringify(to)},${text}`);
  }

  /** Ends the turn once all that is readable now has been read. */
  stir(): void {
    if (this.isStirred) return;
    this.isStirred = true;
    setImmediate(() => this.endTurn());
  }

  /** Plain fields of a node, as JSON; undefined when it is down. */
  fieldsOf(id: NodeId, names: readonly string[]): Record<string, unknown> | undefined {
    const node = this.nodes.get(id)?.node as unknown as Record<string, unknown> | undefined;
    if (node === undefined) return undefined;
    return Object.fromEntries(names.map((name) => [name, node[name]]));
  }

  metrics(): PlaceMetrics {
    const { user, system } = process.cpuUsage(this.cpuAtReset);
    const latency = this.story.latency.toJSON();
    return { counts: { ...this.counts }, latency, cpuMs: (user + system) / 1_000 };
  }

  resetMetrics(): void {
    Object.assign(this.counts, noCounts());
    this.story.latency = new LatencyHistogram();
    this.cpuAtReset = process.cpuUsage();
  }

  stop(): void {
    this.isStopped = true;
    openWayIn(null);
    this.listener.close();
    for (const link of this.links.values()) link.close();
    for (const node of this.nodes.values()) node.stop();
  }

  private makeNode({ id, peers, options, protocol }: NodeSetup): RealNode {
    const found = loadProtocol(protocol);
    const build = (): Node => new found(id, peers, options);
    const node: RealNode = new RealNode(
      id,
      build,
      this.openDisk(id, () => node),
      this,
    );
    return node;
  }

  private openDisk(id: NodeId, node: () => RealNode): Disk {
    const { directory, saves } = this.setup;
    if (directory === null) return new MemoryDisk();
    return new DiskLog(join(directory, `${encodeURIComponent(id)}.saves`), saves, {
      onDurable: (saves) => this.durable(node(), saves),
      onFailure: (error) => this.keeper.fail(error.message),
      onSync: () => this.counts.syncs++,
      onTornWrite: (sentence) => this.log(sentence),
    });
  }

  /** The next group is on its way to the disk before the first one's messages are sent. */
  private durable(node: RealNode, saves: number): void {
    if (this.isStopped) return;
    this.counts.durableSaves += saves;
    node.flush();
    node.release();
    this.mindTheDisk();
    for (const link of this.links.values()) link.flush();
  }

  private endTurn(): void {
    this.isStirred = false;
    if (this.isStopped) return;
    for (let count = 0; count < localBatch && this.local.length > 0;) {
      const messages = this.local;
      this.local = [];
      count += messages.length;
      for (const { from, to, text } of messages)
        this.receive(from, to, JSON.parse(text) as Message);
    }
    if (this.local.length > 0) this.stir();
    for (const node of this.nodes.values()) node.flush();
    for (const link of this.links.values()) link.flush();
  }

  /** Back-pressure: what waits for the disk is bounded by reading no more. */
  private mindTheDisk(): void {
    let held = 0;
    for (const node of this.nodes.values()) held += node.heldLength;
    const { maxHeldBytes } = this.setup.sockets;
    if (!this.isPaused && held > maxHeldBytes) {
      this.counts.readPauses++;
      this.isPaused = true;
      this.listener.pause();
    } else if (this.isPaused && held <= maxHeldBytes / 2) {
      this.isPaused = false;
      this.listener.resume();
    }
  }

  private linkTo(node: NodeId): Link | undefined {
    const to = this.book.placeOf[node];
    if (to === undefined) return undefined;
    const known = this.links.get(to);
    if (known !== undefined) return known;
    const hello = { cluster: this.cluster, from: this.place, to };
    const link = new Link({ hello, port: this.book.portOf[to] }, this.setup.sockets, this);
    this.links.set(to, link);
    return link;
  }
}
