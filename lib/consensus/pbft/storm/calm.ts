/** The end of a storm: what ends the faults. */
import { crash, heal, networkRates, restart, resume, unclog, unclogLinks } from "../../../hosts";
import type { Fault } from "../../../hosts";
import type { NodeId } from "../../../protocol";

/** All are up and connected; liars go on, or are stopped. */
export function calmFaults(
  names: {
    readonly all: readonly NodeId[];
    readonly correct: readonly NodeId[];
    readonly liars: readonly NodeId[];
  },
  liesGoOn: boolean,
): Fault[] {
  const { all, liars } = names;
  return [
    heal(),
    networkRates({}),
    unclog(all),
    unclogLinks(all, all),
    resume(all),
    restart(all),
    ...(liesGoOn ? [] : [crash(liars)]),
  ];
}
