/** Counting centres that attest machines' totals, for the laws. */
import * as eci from "dabbawala/scenarios/eci";
import type { AnyProtocol, Scenario } from "./scenarios";

const centres = ["n1", "n2", "n3", "n4"];
const machines = ["CU1", "CU2", "CU3", "CU4", "CU5", "CU6"];

/** Four centres, of which one lies, and two polling parties. */
export const attestation: Scenario = {
  isWhole: true,
  names: centres,
  add(simulator) {
    const { LyingCentre, PollingParty } = eci as unknown as Record<string, AnyProtocol>;
    const { book, secretKeys } = eci.demonstrationKeys({ centres, machines }, 3);
    const reports = machines.map((machine, i) => {
      const total = `${machine},${100 + i},${100 + i},1,${60 + i};39`;
      return eci.sealTotal(machine, total, secretKeys[machine] as string);
    });
    const lies = { n4: ["falseTotal", "frame"] };
    for (const id of centres) {
      const options = { book, secretKeys, lies, syncMs: 60 };
      simulator.add(id, LyingCentre as AnyProtocol, { options });
    }
    for (const [i, id] of ["c1", "c2"].entries()) {
      const own = { book, reports: reports.slice(3 * i, 3 * i + 3), retryMs: 100 };
      simulator.add(id, PollingParty as AnyProtocol, { peers: centres, options: own });
    }
  },
};
