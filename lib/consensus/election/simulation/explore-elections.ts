/**
 * Elections for the explorer: a few nodes, in every order of events, and what is promised of them.
 * Time stands still there, so the bully's timing assumption is put into words: no timer rings while
 * a message is on its way.
 */
import { oneOf, wholeInRange } from "../../../basics";
import { Explorer } from "../../../hosts";
import type { ExplorerHistory, ExplorerNetwork, ExplorerOptions } from "../../../hosts";
import type { ExplorerProperty, View } from "../../../hosts";
import type { Message, NodeId, Protocol } from "../../../protocol";
import { Bully } from "../bully";
import { ChangRoberts } from "../chang-roberts";
import type { Epoch } from "../epoch";
import { HirschbergSinclair } from "../hirschberg-sinclair";
import { Invitation } from "../invitation";
import { Lcr } from "../lcr";

export type ElectionAlgorithm =
  "bully" | "invitation" | "changRoberts" | "lcr" | "hirschbergSinclair";

type AnyProtocol = Protocol<Message, string, object>;

const protocols = {
  bully: Bully,
  invitation: Invitation,
  changRoberts: ChangRoberts,
  lcr: Lcr,
  hirschbergSinclair: HirschbergSinclair,
};

export interface ExploredElection {
  readonly algorithm: ElectionAlgorithm;
  /** Another class in its place, such as one with a planted bug. */
  readonly protocol?: unknown;
  /** 2 to 5; default 4. */
  readonly nodes?: number;
  /** Of the algorithm: `ring`, `standsAtStart`... */
  readonly options?: object;
  /** No timer rings while a message is on its way; default false. */
  readonly keepsTime?: boolean;
  readonly maxCrashes?: number;
  /** Who may be down; default: anybody. */
  readonly mayCrash?: readonly NodeId[];
  /** On their way at a time; default: any number. */
  readonly maxMessages?: number;
  /** Default "unordered"; "ordered" is what TCP keeps. */
  readonly network?: ExplorerNetwork;
  readonly maxTimerFirings?: number;
  readonly maxStates?: number;
}

interface Elector {
  readonly id: NodeId;
  readonly role?: string;
  readonly leader: NodeId | null;
  readonly epoch: Epoch;
}

/** Epochs that were announced, whether one was announced twice, and whether time was kept. */
interface Past {
  readonly announced: readonly string[];
  readonly twice: string | null;
  /** Messages that the last step sent, if a timer had rung; -1: none had. */
  readonly rungAndSent: number;
}

const history: ExplorerHistory<Message, string> = {
  initial: { announced: [], twice: null, rungAndSent: -1 } satisfies Past,
  next(past, { node, event, effects }) {
    let { announced, twice } = past as Past;
    for (const effect of effects) {
      if (effect.kind !== "note" || effect.label !== "becameLeader") continue;
      const name = `${(effect.detail as Epoch).count} by ${node}`;
      if (announced.includes(name)) twice = name;
      else announced = [...announced, name].sort();
    }
    const sends = effects.filter(({ kind }) => kind === "send").length;
    return { announced, twice, rungAndSent: event.kind === "timer" ? sends : -1 };
  },
};

/** Throws a RangeError for an option that is wrong. */
export function electionExplorer(explored: ExploredElection): Explorer<Message, string> {
  const { algorithm, nodes = 4, options = {}, network = "unordered" } = explored;
  oneOf("algorithm", algorithm, Object.keys(protocols));
  wholeInRange("nodes", nodes, { min: 2, max: 5 });
  const limits: ExplorerOptions<Message, string> = {
    network,
    maxCrashes: explored.maxCrashes ?? 0,
    maxStates: explored.maxStates ?? 1_000_000,
    ...(explored.maxTimerFirings !== undefined && { maxTimerFirings: explored.maxTimerFirings }),
    isWithin: (view) => isWithin(explored, view),
  };
  // Heartbeats would go on for ever, and say nothing new; rings here need no second election.
  const silent = algorithm === "changRoberts" ? "election" : "heartbeat";
  const mayRing = (timer: string): boolean => timer !== silent;
  const explorer = new Explorer<Message, string>({ ...limits, history, mayRing });
  const protocol = (explored.protocol ?? protocols[algorithm]) as AnyProtocol;
  for (let i = 1; i <= nodes; i++) {
    explorer.add(`n${i}`, protocol, { options });
  }
  return explorer;
}

function isWithin(
  { keepsTime = false, maxMessages = Infinity, mayCrash }: ExploredElection,
  view: View<Message, string>,
): boolean {
  if (view.messages.length > maxMessages) return false;
  if (keepsTime && !hasKeptTime(view)) return false;
  if (mayCrash === undefined) return true;
  return [...view.nodes].every(([id, node]) => node !== undefined || mayCrash.includes(id));
}

function hasKeptTime({ messages, history: past }: View<Message, string>): boolean {
  const { rungAndSent } = past as Past;
  return rungAndSent === -1 || messages.length <= rungAndSent;
}

function electors({ nodes }: View<Message, string>): Elector[] {
  return [...nodes.values()].filter((node) => node !== undefined) as unknown as Elector[];
}

function leadersOf(view: View<Message, string>): Elector[] {
  return electors(view).filter(({ id, leader }) => leader === id);
}

/** At any moment; rings promise that. */
export const oneLeader: ExplorerProperty<Message, string> = {
  name: "one leader at most",
  kind: "always",
  says(view) {
    const names = leadersOf(view).map(({ id }) => id);
    return names.length < 2 || `${names.join(" and ")} lead`;
  },
};

/** The bully's promise, if time is kept: who takes over is not heard of at once. */
export const oneLeaderAtRest: ExplorerProperty<Message, string> = {
  name: "one leader at most, once all messages have arrived",
  kind: "always",
  says: (view) => view.messages.length > 0 || oneLeader.says(view),
};

/** Whatever happens. */
export const noEpochTwice: ExplorerProperty<Message, string> = {
  name: "no epoch twice",
  kind: "always",
  says(view) {
    const { twice } = view.history as Past;
    return twice === null || `epoch ${twice} begins a second time`;
  },
};

/** Who follows somebody is in an epoch that this one has announced. */
export const epochsAreAnnounced: ExplorerProperty<Message, string> = {
  name: "followers are in an epoch that was announced",
  kind: "always",
  says(view) {
    const { announced } = view.history as Past;
    const lost = electors(view).find(
      ({ leader, epoch }) => leader !== null && !announced.includes(`${epoch.count} by ${leader}`),
    );
    return lost === undefined || `${lost.id} follows ${lost.leader}, who never led so`;
  },
};

/** On every way that ends. */
export const allAgree: ExplorerProperty<Message, string> = {
  name: "in the end all know one leader",
  kind: "eventually",
  says: (view) => {
    const known = new Set(electors(view).map(({ leader }) => leader));
    return known.size === 1 && !known.has(null);
  },
};
