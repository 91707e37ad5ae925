/** What a seed draws for a storm over heartbeat monitors: plain data. */
export interface HeartbeatStormPlan {
  readonly seed: number;
  /** Monitors that are healed in the end, 2 to 5; the others are away for good. */
  readonly coreSize: number;
  readonly faultsMs: number;
}
