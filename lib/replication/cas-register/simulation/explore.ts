/**
 * Registers for the explorer: three servers, a few requests, every order of what they do, and what
 * is promised of it.
 *
 * Source: Rystsov 2018, section 3, where safety is proved; here it is looked at, within bounds.
 */
import { Explorer } from "../../../hosts";
import type { ExploredStep, ExplorerOptions, ExplorerProperty, View } from "../../../hosts";
import type { CasAnswer, CasMessage, CasRequest, CasTimer } from "../messages";
import { nothingYet, withAcceptance } from "../storm/agreement";
import type { Agreement } from "../storm/agreement";
import type { CasClass } from "../storm/run";

type Property = ExplorerProperty<CasMessage, CasTimer>;

/** What was accepted, and what clients were answered. */
interface Past extends Agreement {
  readonly answers: Readonly<Record<string, CasAnswer>>;
}

const servers = ["n1", "n2", "n3"];

export interface CasExploration extends Omit<
  ExplorerOptions<CasMessage, CasTimer>,
  "history" | "mayRing"
> {
  /** The first goes to n1 as from c1, the second to n2 as from c2, and so on. */
  readonly requests: readonly CasRequest[];
  /** How often each is tried at most, 1 to 30; default 1. More need `maxTimerFirings`. */
  readonly attempts?: number;
}

/** Three servers n1, n2, n3 with the requests on their way, ready to `explore(casSafety)`. */
export function casExplorer(
  server: CasClass,
  { requests, attempts = 1, ...options }: CasExploration,
): Explorer<CasMessage, CasTimer> {
  const explorer = new Explorer<CasMessage, CasTimer>({
    ...options,
    // A last attempt that is given up tells its client so, and changes nothing else.
    mayRing: (timer, node) => {
      const { proposals } = node as unknown as { proposals: Map<string, { attempts: number }> };
      const id = typeof timer === "object" ? timer.proposal : "";
      return (proposals.get(id)?.attempts ?? attempts) < attempts;
    },
    history: {
      initial: { ...nothingYet, answers: {} } satisfies Past,
      next: (past, step) => after(past as Past, step),
    },
  });
  for (const id of servers) explorer.add(id, server, { options: { attempts } });
  requests.forEach((request, i) => {
    explorer.inject(`c${i + 1}`, servers[i % servers.length], request);
  });
  return explorer;
}

function after(past: Past, { node, event, effects }: ExploredStep<CasMessage, CasTimer>): Past {
  let next = past;
  for (const effect of effects) {
    if (effect.kind !== "send") continue;
    const { to, message } = effect;
    if (message.type === "answer") {
      next = { ...next, answers: { ...next.answers, [to]: message } };
    }
    if (message.type !== "accepted" || event.kind !== "message") continue;
    if (event.message.type !== "accept") continue;
    next = { ...next, ...withAcceptance(next, { by: node, ...event.message }, servers.length) };
  }
  return next;
}

const pastOf = ({ history }: View<CasMessage, CasTimer>): Past => history as Past;

/** One value a version, one state a ballot, and no two clients told that each made a version. */
export const casSafety: readonly Property[] = [
  { kind: "always", name: "agreement", says: (view) => pastOf(view).conflict ?? true },
  {
    kind: "always",
    name: "answers agree",
    says: (view) => {
      const values = new Map<number, string>();
      for (const answer of Object.values(pastOf(view).answers)) {
        if (answer.kind !== "ok") continue;
        const value = JSON.stringify(answer.value);
        const other = values.get(answer.version) ?? value;
        if (other !== value) return `version ${answer.version} is ${other} and ${value}`;
        values.set(answer.version, value);
      }
      return true;
    },
  },
];

/** A client was answered so: a guard against a search that sees nothing. */
export function casAnswered(client: string, kind: "ok" | "mismatch", version: number): Property {
  return {
    kind: "sometimes",
    name: `${client} is answered ${kind}, version ${version}`,
    says: (view) => {
      const answer = pastOf(view).answers[client];
      return answer?.kind === kind && answer.version === version;
    },
  };
}
