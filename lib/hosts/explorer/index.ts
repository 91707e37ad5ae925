export { Explorer } from "./explorer";
export type { ExplorerPlacement } from "./explorer";
export type {
  CutOff,
  Envelope,
  Exploration,
  ExploredStep,
  ExplorerHistory,
  ExplorerNetwork,
  ExplorerOptions,
  ExplorerProperty,
  ExplorerVerdict,
  View,
} from "./options";
