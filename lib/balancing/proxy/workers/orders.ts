/** What the process that accepts says to those that serve, and what they say back. */
import type { BackEndPlace, ProxyOptions } from "../options";
import type { ProxyMetrics } from "../tally";

export type Order =
  | { readonly kind: "start"; readonly options: Partial<ProxyOptions> }
  | { readonly kind: "add"; readonly place: BackEndPlace }
  | { readonly kind: "drain"; readonly id: string }
  | { readonly kind: "metrics" }
  | { readonly kind: "close"; readonly graceMs: number | undefined }
  /** Comes with a client's connection, and is not answered. */
  | { readonly kind: "serve" };

export interface NumberedOrder {
  readonly number: number;
  readonly order: Order;
}

export type Report =
  | { readonly number: number; readonly kind: "done"; readonly metrics?: ProxyMetrics }
  | { readonly number: number; readonly kind: "failed"; readonly reason: string };
