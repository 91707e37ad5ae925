/**
 * What one user does after another: a Markov chain over login, search, availability, book,
 * payment and cancel, with retries after refusals, and failures that grow with the load. All the
 * probabilities are assumptions: the railway publishes none.
 */
import type { Random } from "../../basics";

/** Numbers of `actions` in columns.ts; `end` is not logged: the session is over. */
export const Action = {
  login: 0,
  search: 1,
  availability: 2,
  book: 3,
  payment: 4,
  cancel: 5,
  end: 6,
} as const;
export type Action = (typeof Action)[keyof typeof Action];

/** The state of one session between two of its requests. */
export interface Session {
  id: number;
  user: number;
  next: Action;
  train: number;
  from: number;
  to: number;
  travelClass: number;
  quota: number;
  pnr: number;
  gateway: number;
  device: number;
  region: number;
}

/** HTTP status of a request at the given load (1 is the day's mean). */
export function drawStatus(
  action: Action,
  load: number,
  random: Random,
  isTatkal: boolean,
): number {
  const draw = random.next();
  const overload = Math.max(0, load - 1.5);
  const unavailable = Math.min(0.12, 0.0008 + 0.012 * overload);
  if (draw < unavailable) return 503;
  if (draw < unavailable + 0.0007) return 500;
  const rest = (draw - unavailable - 0.0007) / (1 - unavailable - 0.0007);
  if (rest < Math.min(0.05, 0.006 * overload)) return 429;
  switch (action) {
    case Action.login:
      return rest > 0.97 ? 401 : 200;
    case Action.book:
      return rest > (isTatkal ? 0.58 : 0.9) ? 409 : 200;
    case Action.payment:
      return rest > 0.95 ? 402 : rest > 0.94 - 0.004 * overload ? 504 : 200;
    default:
      return 200;
  }
}

/** The request that follows `action`, which was answered with `status`. */
export function nextAction(action: Action, status: number, random: Random): Action {
  const draw = random.next();
  if (status !== 200) return retry(action, status, draw);
  switch (action) {
    case Action.login:
      return draw < 0.95 ? Action.search : Action.end;
    case Action.search:
      return draw < 0.27 ? Action.search : draw < 0.82 ? Action.availability : Action.end;
    case Action.availability:
      return afterAvailability(draw);
    case Action.book:
      return draw < 0.92 ? Action.payment : Action.end;
    case Action.payment:
      return draw < 0.07 ? Action.cancel : Action.end;
    default:
      return Action.end;
  }
}

function afterAvailability(draw: number): Action {
  if (draw < 0.48) return Action.book;
  if (draw < 0.66) return Action.search;
  return draw < 0.8 ? Action.availability : Action.end;
}

/** Busy servers and failed payments are tried again; a train without seats sends people back. */
function retry(action: Action, status: number, draw: number): Action {
  if (status === 409) return draw < 0.5 ? Action.availability : Action.end;
  return draw < 0.65 ? action : Action.end;
}
