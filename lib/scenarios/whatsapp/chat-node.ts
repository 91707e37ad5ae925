/**
 * A chat server in a data centre: SWIM knows who is there, rumours carry each message at once to
 * most, and anti-entropy brings the rest what they have missed: by chance, or behind a partition.
 *
 * Source: the pairing of rumours with anti-entropy as a back-up is that of A. Demers et al., PODC
 * 1987, section 1.5; peers that come from the membership protocol are ours.
 * Assumes: nodes crash, restart, pause; cities are cut off from each other and come back.
 * Guarantees: a message that was posted at a node that lives on reaches every node that does, and
 * is shown once; nothing is said about the order, which is the affair of causal broadcast.
 * Cost: that of its three protocols; the store keeps every message.
 */
import { AntiEntropy, RumourMonger, Swim } from "../../membership";
import type { Entry, SwimOptions } from "../../membership";
import type { City } from "../../hosts";
import type { Event, Host, Message, Node, NodeId } from "../../protocol";
import type { ChatHost, ChatMessage, ChatTimer, Part } from "./chat-messages";

export interface ChatOptions {
  /** The city of each node, for the choice of peers. Default: none. */
  readonly homes: Readonly<Record<NodeId, City>>;
  /** Share of calls that leave the city; null: all nodes are as likely. Default 0.3. */
  readonly remoteShare: number | null;
  /** Time between two calls of a rumour; anti-entropy calls every ten. Default 100 ms. */
  readonly cycleMs: number;
  /** Default: 1 s periods, 500 ms timeouts, tables exchanged every 10 s. */
  readonly membership: Partial<SwimOptions>;
}

type AnyHost = Host<Message, never>;

export class ChatNode implements Node<ChatMessage, ChatTimer> {
  readonly members: Swim;
  readonly rumours: RumourMonger;
  readonly store: AntiEntropy;
  /** What the users of this node see, in the order in which it came. */
  readonly shown: string[] = [];

  constructor(
    readonly id: NodeId,
    private readonly peers: readonly NodeId[],
    options: Partial<ChatOptions> = {},
  ) {
    const { homes = {}, remoteShare = 0.3, cycleMs = 100, membership = {} } = options;
    const topology = { regions: homes, remoteShare };
    this.members = new Swim(id, peers, { syncMs: 10_000, ...membership });
    this.rumours = new RumourMonger(id, peers, { mode: "push", k: 2, cycleMs, ...topology });
    this.store = new AntiEntropy(id, peers, { cycleMs: 10 * cycleMs, ...topology });
  }

  handle(event: Event<ChatMessage, ChatTimer>, host: ChatHost): void {
    if (event.kind === "start") return this.start(event.saved, host);
    if (event.kind === "timer") {
      const [part, timer] = event.timer.split(/:(.*)/s) as [Part, string];
      return this.run(part, { kind: "timer", timer }, host);
    }
    const { from, message } = event;
    if (message.type === "post") this.post(from, message, host);
    else if (message.type !== "posted") {
      this.run(message.type, { kind: "message", from, message: message.inner }, host);
    }
  }

  private start(saved: Readonly<Record<string, unknown>>, host: ChatHost): void {
    for (const part of ["members", "rumours", "store"] as const) {
      const own = Object.entries(saved).filter(([key]) => key.startsWith(`${part}/`));
      const within = own.map(([key, value]) => [key.slice(part.length + 1), value] as const);
      this.run(part, { kind: "start", saved: Object.fromEntries(within) }, host);
    }
    for (const key of this.store.database.entries.keys()) this.show(key, host);
  }

  /** Into the store first: the stamp of the entry goes with the rumour. */
  private post(
    from: NodeId,
    { id, text, requestId }: Extract<ChatMessage, { type: "post" }>,
    host: ChatHost,
  ): void {
    const write = { type: "write", key: id, value: text } as const;
    this.run("store", { kind: "message", from: this.id, message: write }, host);
    const content = this.store.database.entries.get(id);
    const tell = { type: "tell", rumour: { id, content } } as const;
    this.run("rumours", { kind: "message", from: this.id, message: tell }, host);
    if (requestId !== undefined) host.send(from, { type: "posted", requestId });
  }

  private run(part: Part, event: Event, host: ChatHost): void {
    const inner = this[part] as unknown as Node<Message, never>;
    inner.handle(event as Event<Message, never>, this.hostOf(part, host));
  }

  /** What a part asks for, under its name; and what it tells, heard by the others. */
  private hostOf(part: Part, host: ChatHost): AnyHost {
    return {
      nowMs: host.nowMs,
      random: () => host.random(),
      send: (to, inner) => host.send(to, { type: part, inner } as ChatMessage),
      setTimer: (timer, afterMs) => host.setTimer(`${part}:${timer as string}`, afterMs),
      cancelTimer: (timer) => host.cancelTimer(`${part}:${timer as string}`),
      save: (key, value) => host.save(`${part}/${key}`, value),
      note: (label, detail) => {
        host.note(label, detail);
        this.hear(label, detail, host);
      },
    };
  }

  private hear(label: string, detail: unknown, host: ChatHost): void {
    if (label === "heard") {
      const { id } = detail as { id: string };
      const entry = this.rumours.known.get(id) as Entry;
      const message = { type: "entries", entries: [entry], isPull: false } as const;
      this.run("store", { kind: "message", from: this.id, message }, host);
    } else if (label === "learned") this.show((detail as { key: string }).key, host);
    else if (["joined", "died", "left"].includes(label)) this.choosePeers();
  }

  private show(id: string, host: ChatHost): void {
    if (this.shown.includes(id)) return;
    this.shown.push(id);
    host.note("shown", { id });
  }

  /** Gossip goes to those whom the membership holds to be there. */
  private choosePeers(): void {
    const known = new Set([...this.peers, ...this.members.table.joined]);
    const living = [...known].filter((peer) => {
      const status = this.members.standingOf(peer)?.status;
      return peer !== this.id && (status === "alive" || status === "suspect");
    });
    this.rumours.setPeers(living);
    this.store.setPeers(living);
  }
}
