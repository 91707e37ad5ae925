/** What the two ends of a cluster tell each other: its owner, and each of its places. */
import type { HistoryEvent, Message, NodeId } from "../../protocol";
import type { PlaceMetrics } from "./metrics";
import type { AddressBook } from "./sockets";
import type { PlaceSetup } from "./setup";
import type { TimedNote } from "./story";

/** What can be asked of a place. */
export type Question =
  | { readonly what: "metrics" }
  | { readonly what: "resetMetrics" }
  | { readonly what: "history" }
  | { readonly what: "notes" }
  | { readonly what: "fields"; readonly node: NodeId; readonly names: readonly string[] };

export interface Answers {
  metrics: PlaceMetrics;
  resetMetrics: null;
  history: { readonly events: readonly HistoryEvent[]; readonly lost: number };
  notes: readonly TimedNote[];
  fields: Record<string, unknown> | null;
}

/** From the owner to a place. */
export type Order =
  | { readonly kind: "open"; readonly setup: PlaceSetup }
  | { readonly kind: "start"; readonly book: AddressBook }
  | { readonly kind: "ask"; readonly number: number; readonly question: Question }
  | { readonly kind: "tell"; readonly from: NodeId; readonly to: NodeId; readonly message: Message }
  | { readonly kind: "stop" };

/** From a place to its owner. */
export type Report =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "started" }
  | { readonly kind: "answer"; readonly number: number; readonly answer: unknown }
  | { readonly kind: "log"; readonly sentence: string }
  /** The place ends. */
  | { readonly kind: "failed"; readonly sentence: string }
  | { readonly kind: "stopped" };
