/** What the paper asks of loyal generals: interactive consistency (section 1). */
import type { NodeId } from "../../../protocol";
import type { Order } from "../generals";

export interface Decided {
  readonly id: NodeId;
  readonly decision: Order | null;
}

/** A condition that is broken, in words; undefined: none. */
export function brokenCondition(
  lieutenants: readonly Decided[],
  loyalOrder: Order | undefined,
): string | undefined {
  const [first, ...rest] = lieutenants;
  if (first === undefined) return undefined;
  const other = rest.find(({ decision }) => decision !== first.decision);
  const says = ({ id, decision }: Decided): string => `${id} decides to ${decision}`;
  if (loyalOrder !== undefined) {
    const deaf = lieutenants.find(({ decision }) => decision !== loyalOrder);
    return deaf && `IC2: the loyal commander orders ${loyalOrder}, ${says(deaf)}`;
  }
  return other && `IC1: ${says(first)}, ${says(other)}`;
}
