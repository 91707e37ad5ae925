/** A running cluster, seen from outside: what notebooks and tests hold. */
import { randomBytes } from "crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "fs";
import { tmpdir } from "os";
import { join } from "path";
import { performance } from "perf_hooks";
import { InputError, wholeInRange } from "../../basics";
import type { HistoryEvent, Message, NodeId } from "../../protocol";
import { knownServers, optionsOf, serverPlans } from "./cluster-options";
import type { ClientOptions, ClusterOptions } from "./cluster-options";
import { sumOf } from "./metrics";
import type { ClusterMetrics, PlaceMetrics } from "./metrics";
import { socketOptions } from "./sockets";
import type { AddressBook } from "./sockets";
import { PlaceOwner } from "./place-owner";
import type { Launch } from "./place-owner";
import { saveOptions } from "./save-options";
import type { NodeSetup, PlaceSetup } from "./setup";
import type { TimedNote } from "./story";

/** Folders of clusters of this process: its threads could not tell each other's files apart. */
const ownerOf = new Map<string, Cluster>();

/** Sentences that are kept; older ones go. */
const maxSentences = 1_000;

export class Cluster {
  /** The servers, then the clients. */
  readonly nodes: readonly NodeId[];
  /** Where the servers' saves are. */
  readonly directory: string;
  private readonly places = new Map<string, PlaceOwner>();
  private readonly placeOf: Record<NodeId, string> = {};
  private readonly sentences: string[] = [];
  private readonly isOwnDirectory: boolean;
  private countedFromMs = performance.now();

  private constructor(
    private readonly options: ClusterOptions,
    launch: Launch,
  ) {
    const setups = setupsOf(options);
    this.isOwnDirectory = options.directory === undefined;
    this.directory = directoryOf(options);
    ownerOf.set(this.directory, this);
    for (const { place, nodes } of setups) for (const { id } of nodes) this.placeOf[id] = place;
    this.nodes = Object.keys(this.placeOf);
    for (const setup of setups) {
      const directory = setup.directory === null ? null : this.directory;
      const log = (sentence: string): void => this.log(sentence);
      this.places.set(setup.place, new PlaceOwner({ ...setup, directory }, launch, log));
    }
  }

  /** All places listen and their nodes have started. Rejects with RangeError or InputError. */
  static async start(options: ClusterOptions, launch: Launch): Promise<Cluster> {
    const cluster = new Cluster(options, launch);
    const opened = await Promise.allSettled([...cluster.places.values()].map((p) => p.open()));
    const failed = opened.find((outcome) => outcome.status === "rejected");
    if (failed?.status === "rejected") {
      await cluster.stop();
      throw failed.reason;
    }
    const book = cluster.addressBook();
    for (const place of cluster.places.values()) place.start(book);
    cluster.countedFromMs = performance.now();
    return cluster;
  }

  /** Ends a node's thread or process at once (SIGKILL), and who shares it; its saves stay. */
  async kill(node: NodeId): Promise<void> {
    await this.placeAt(node).kill();
  }

  /** Starts a node again from its saves, on the same port. Rejects with InputError if it cannot. */
  async restart(node: NodeId): Promise<void> {
    const place = this.placeAt(node);
    if (place.isUp) throw new InputError(`${node} is running: kill it first`);
    await place.open();
    place.start(this.addressBook());
  }

  isUp(node: NodeId): boolean {
    return this.placeAt(node).isUp;
  }

  /** A message from outside, as if `from` had sent it. A node that is down misses it. */
  tell(node: NodeId, message: Message, from: NodeId = "outside"): void {
    this.placeAt(node).send({ kind: "tell", from, to: node, message });
  }

  /** Fields of a node by name, as JSON; undefined when it is down. */
  async fields(
    node: NodeId,
    names: readonly string[],
  ): Promise<Readonly<Record<string, unknown>> | undefined> {
    const place = this.placeAt(node);
    if (!place.isUp) return undefined;
    const asked = place.ask({ what: "fields", node, names });
    return (await asked.catch(() => null)) ?? undefined;
  }

  /** Counts and latencies since the start or `resetMetrics`; places that are down are left out. */
  async metrics(): Promise<ClusterMetrics> {
    const elapsedMs = performance.now() - this.countedFromMs;
    const byPlace = new Map<string, PlaceMetrics>();
    for (const [name, answer] of await this.askAll("metrics")) byPlace.set(name, answer);
    return sumOf(byPlace, elapsedMs);
  }

  /** Counts from 0 from now on. */
  async resetMetrics(): Promise<void> {
    await this.askAll("resetMetrics");
    this.countedFromMs = performance.now();
  }

  /**
   * What the clients saw so far, in the order of the machine's clock: ready for `lib/checks`.
   * Rejects with InputError when it was longer than `maxHistory`, since a part proves nothing.
   */
  async history(): Promise<HistoryEvent[]> {
    const parts = await this.askAll("history");
    const lost = parts.reduce((sum, [, part]) => sum + part.lost, 0);
    if (lost > 0)
      throw new InputError(`${lost} events of the history were not kept: raise maxHistory`);
    const events = parts.flatMap(([, part]) => part.events);
    return events.sort((left, right) => (left.time ?? 0) - (right.time ?? 0));
  }

  /** The latest notes of a node that are no part of a history, at most 1,000 a place. */
  async notes(node: NodeId): Promise<TimedNote[]> {
    const notes = await this.placeAt(node).ask({ what: "notes" });
    return notes.filter((note) => note.node === node);
  }

  /** What happened that people should know, oldest first: at most the last 1,000 sentences. */
  logs(): readonly string[] {
    return [...this.sentences];
  }

  /**
   * Waits until `condition` holds, looking every 20 ms. Rejects with InputError after `timeoutMs`,
   * by default 10 seconds.
   */
  async until(
    condition: () => boolean | Promise<boolean>,
    { timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {},
  ): Promise<void> {
    const endMs = performance.now() + timeoutMs;
    while (!(await condition())) {
      if (performance.now() > endMs) throw new InputError(`it has not happened in ${timeoutMs} ms`);
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }

  /** Ends all threads or processes, and removes the folder if it was a temporary one. */
  async stop(): Promise<void> {
    await Promise.all([...this.places.values()].map((place) => place.stop()));
    if (ownerOf.get(this.directory) === this) ownerOf.delete(this.directory);
    if (this.isOwnDirectory) rmSync(this.directory, { recursive: true, force: true });
  }

  private async askAll<W extends "metrics" | "resetMetrics" | "history">(
    what: W,
  ): Promise<[string, Awaited<ReturnType<typeof askOne<W>>>][]> {
    const up = [...this.places].filter(([, place]) => place.isUp);
    const answers = await Promise.allSettled(up.map(([, place]) => askOne(place, what)));
    return answers.flatMap((answer, index) => {
      return answer.status === "fulfilled" ? [[up[index][0], answer.value]] : [];
    });
  }

  private addressBook(): AddressBook {
    const ports = [...this.places].map(([name, { port }]) => [name, port] as const);
    return { placeOf: this.placeOf, portOf: Object.fromEntries(ports) };
  }

  private placeAt(node: NodeId): PlaceOwner {
    const place = this.places.get(this.placeOf[node] ?? "");
    if (place !== undefined) return place;
    throw new RangeError(`there is no node "${node}": there are ${this.nodes.join(", ")}`);
  }

  private log(sentence: string): void {
    this.sentences.push(sentence);
    if (this.sentences.length > maxSentences) this.sentences.shift();
    this.options.onLog?.(sentence);
  }
}

function askOne<W extends "metrics" | "resetMetrics" | "history">(place: PlaceOwner, what: W) {
  return place.ask<W>({ what } as { what: W } & Parameters<PlaceOwner["ask"]>[0]);
}

function directoryOf({ directory }: ClusterOptions): string {
  if (directory === undefined) return mkdtempSync(join(tmpdir(), "dabbawala-cluster-"));
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw new InputError(`${directory}: the folder cannot be made (${(error as Error).message})`);
  }
  const folder = realpathSync(directory);
  const owner = ownerOf.get(folder);
  // One whose nodes have all ended, as when a cell is interrupted, is in nobody's way.
  if (owner?.nodes.some((node) => owner.isUp(node)) !== true) return folder;
  throw new InputError(`${directory}: another cluster of this program runs there: stop it first`);
}

function setupsOf(options: ClusterOptions): PlaceSetup[] {
  const plans = serverPlans(options);
  const servers = plans.map(({ id }) => id);
  const unknown = Object.keys(options.ports ?? {}).find((name) => !servers.includes(name));
  if (unknown !== undefined) throw new RangeError(`ports names "${unknown}", which is no server`);
  const ground = {
    cluster: randomBytes(8).toString("hex"),
    saves: saveOptions(options.saves),
    sockets: socketOptions(options.sockets ?? {}),
    maxHistory: options.maxHistory ?? 200_000,
  };
  const names = [...new Set(plans.map(({ place }) => place))];
  const ofServers = names.map((place): PlaceSetup => {
    const nodes = plans.filter((plan) => plan.place === place);
    const ports = nodes.map(({ id }) => options.ports?.[id] ?? 0);
    ports.forEach((port, i) =>
      wholeInRange(`the port of ${nodes[i].id}`, port, { min: 0, max: 65_535 }),
    );
    return { ...ground, place, nodes, port: Math.max(...ports), directory: "" };
  });
  const ofClients = clientNodes(options.clients, servers).map((nodes, index): PlaceSetup => {
    return { ...ground, place: `clients-${index + 1}`, nodes, port: 0, directory: null };
  });
  return [...ofServers, ...ofClients];
}

/** The clients of each place. */
function clientNodes(
  clients: ClientOptions | undefined,
  servers: readonly NodeId[],
): NodeSetup[][] {
  if (clients === undefined) return [];
  const { count, places = 1, protocol } = clients;
  const peers = knownServers(clients.peers ?? servers, servers);
  wholeInRange("the count of clients", count, { min: 1, max: 10_000 });
  wholeInRange("the places of clients", places, { min: 1, max: Math.min(count, 100) });
  const shares = Array.from({ length: places }, (): NodeSetup[] => []);
  for (let index = 0; index < count; index++) {
    const id = `c${index + 1}`;
    const options = optionsOf(clients.options, { id, index });
    shares[index % places].push({ id, peers, options, protocol });
  }
  return shares;
}
