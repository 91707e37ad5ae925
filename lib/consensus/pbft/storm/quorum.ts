/** A quorum by the paper, not by the rules of the class that is tried. */
import { faultsOf, paperRules } from "../rules";

export function quorumOf(replicas: number): number {
  return paperRules.quorum({ n: replicas, f: faultsOf(replicas) });
}
