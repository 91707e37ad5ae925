/**
 * "calm": nobody fails, and one message comes after the other, so that its copies can be counted.
 * "crashes": some nodes crash for good while messages travel; nobody is told.
 */
export interface PlumtreeStormPlan {
  readonly seed: number;
  readonly weather: "calm" | "crashes";
}
