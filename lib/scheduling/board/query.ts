/** What can be seen of the board; nothing is changed by it. */
import type { TaskView } from "../task";
import type { BoardAnswer, BoardQuery } from "./commands";
import type { BoardState } from "./state";

const maxLook = 10_000;

export function queryBoard(state: BoardState, query: BoardQuery): BoardAnswer {
  switch (query?.op) {
    case "look":
      if (!Array.isArray(query.ids)) return { kind: "invalid", reason: "look needs a list of ids" };
      return { kind: "views", views: query.ids.slice(0, maxLook).map((id) => viewOf(state, id)) };
    case "dead":
      if (!(query.limit >= 0)) return { kind: "invalid", reason: "dead needs a limit from 0" };
      return { kind: "views", views: deadOf(state, query.limit) };
    case "count": {
      const { blocked, delayed, ready, running } = state.statuses;
      return { kind: "counts", blocked, delayed, ready, running, ...state.totals };
    }
    default:
      return { kind: "invalid", reason: "the board answers look, dead and count" };
  }
}

export function viewOf(state: BoardState, id: string): TaskView {
  const task = state.tasks.get(id);
  if (task === undefined) {
    return { id, status: "unknown", attempt: 0, progress: null, ending: null };
  }
  const { status, attempt, progress, ending } = task;
  return { id, status, attempt, progress, ending };
}

/** The latest first. */
function deadOf(state: BoardState, limit: number): TaskView[] {
  const { entries, head } = state.dead;
  const views: TaskView[] = [];
  for (let at = entries.length - 1; at >= head && views.length < Math.min(limit, maxLook); at--) {
    const { id, number } = entries[at];
    if (state.tasks.get(id)?.endNumber === number) views.push(viewOf(state, id));
  }
  return views;
}
