/** Adversaries who say the right thing too late, or never. */
import type { Deed, Liar, Outgoing } from "../liar";
import type { PbftHost } from "../../state";

export const silent: Deed = { instead: () => [] };

/** The timer of what is said later. No correct replica has such a one. */
export const lateTimer = "late";

export const slow: Deed = { instead: (liar, said, host) => sayLater(liar, said, host) };

export const dawdling: Deed = {
  instead: (liar, said, host) =>
    said.message.type === "prePrepare" ? sayLater(liar, said, host) : [said],
};

function sayLater(liar: Liar, said: Outgoing, host: PbftHost): [] {
  const { delayMs } = liar.lies;
  if (liar.late.length === 0) host.setTimer(lateTimer as never, delayMs);
  liar.late = [...liar.late, { ...said, atMs: host.nowMs + delayMs }];
  return [];
}

/** Says what is due. */
export function sayLate(liar: Liar, host: PbftHost): void {
  const isDue = ({ atMs }: { atMs: number }): boolean => atMs <= host.nowMs + 1e-6;
  const due = liar.late.filter(isDue);
  liar.late = liar.late.filter((said) => !isDue(said));
  for (const { to, message } of due) host.send(to, message);
  const [next] = liar.late;
  if (next !== undefined) host.setTimer(lateTimer as never, Math.max(0, next.atMs - host.nowMs));
}
