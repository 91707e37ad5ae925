import { inRange, oneOf } from "../../basics";
import { checkDrift, checkJump } from "./clock";
import type { Fault } from "./faults";
import { checkLatency } from "./latency";
import { checkRates } from "./link-options";

const disks = ["kept", "lost", "torn"];
const directions = ["in", "out", "both"];

/** Throws a RangeError that names the value of the fault that is out of its range. */
export function checkFault(fault: Fault): void {
  switch (fault.kind) {
    case "slow":
      inRange("factor", fault.factor, { min: 1e-3, max: 1e6 });
      return;
    case "jumpClock":
      return checkJump("byMs", fault.byMs);
    case "drift":
      return checkDrift("ppm", fault.ppm);
    case "slowDisk":
      if (fault.writeMs !== undefined) checkLatency(fault.writeMs, "writeMs");
      return;
    case "crash":
      oneOf("disk", fault.disk, disks);
      return;
    case "clog":
      oneOf("direction", fault.direction, directions);
      return;
    case "networkRates":
      return checkRates(fault.rates);
    case "majoritiesRing":
      if (fault.names.length >= 4) return;
      throw new RangeError(
        `a ring of majorities needs 4 names or more, not ${fault.names.length}: ` +
          "of fewer, a majority is all but one",
      );
  }
}

/** The names of nodes or machines in a fault. */
export function namesOf(fault: Fault): readonly string[] {
  if ("names" in fault) return fault.names;
  if (fault.kind === "partition") return fault.groups.flat();
  return "from" in fault ? [...fault.from, ...fault.to] : [];
}
