import { unreachable } from "../../basics";
import type { Fault } from "./faults";
import type { Latency } from "./latency";

/** A fault in words, for traces and figures. */
export function faultLabel(fault: Fault): string {
  if ("names" in fault) return machineLabel(fault, fault.names.join(" "));
  switch (fault.kind) {
    case "partition":
      return `partition ${fault.groups.map((group) => group.join(" ")).join(" | ")}`;
    case "cut":
      return `cut ${fault.from.join(" ")} -> ${fault.to.join(" ")}`;
    case "clogLinks":
      return `clog ${fault.from.join(" ")} -> ${fault.to.join(" ")}`;
    case "unclogLinks":
      return `unclog ${fault.from.join(" ")} -> ${fault.to.join(" ")}`;
    case "heal":
      return "heal";
    case "networkRates": {
      const rates = Object.entries(fault.rates).map(([name, value]) => `${name} ${value}`);
      return rates.length === 0 ? "network as before" : rates.join(", ");
    }
    default:
      return unreachable(fault);
  }
}

function machineLabel(
  fault: Extract<Fault, { readonly names: readonly string[] }>,
  names: string,
): string {
  switch (fault.kind) {
    case "crash":
      return `crash ${names}${fault.disk === "kept" ? "" : `, disk ${fault.disk}`}`;
    case "slow":
      return `slow ${names} x ${fault.factor}`;
    case "jumpClock":
      return `clock ${names} jumps ${signed(fault.byMs)} ms`;
    case "drift":
      return `clock ${names} drifts ${signed(fault.ppm)} ppm`;
    case "slowDisk": {
      const { writeMs } = fault;
      return `disk ${names} ${writeMs === undefined ? "as before" : `writes in ${told(writeMs)}`}`;
    }
    case "majoritiesRing":
      return `ring of majorities ${names}`;
    case "clog":
      return `clog ${names}${fault.direction === "both" ? "" : ` ${fault.direction}`}`;
    default:
      return `${fault.kind} ${names}`;
  }
}

function signed(value: number): string {
  return value < 0 ? `${value}` : `+${value}`;
}

function told(latency: Latency): string {
  switch (latency.kind) {
    case "constant":
      return `${latency.ms} ms`;
    case "uniform":
      return `${latency.minMs} to ${latency.maxMs} ms`;
    case "exponential":
      return `${latency.minMs} ms and a tail of ${latency.tailMs} ms`;
    case "logNormal":
      return `about ${latency.medianMs} ms`;
  }
}
