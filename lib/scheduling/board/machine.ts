/** The board as a state machine: that of one server's log, or one that Raft replicates. */
import { registerMachine } from "../../consensus/raft";
import type { Machine } from "../../consensus/raft";
import { applyCommand } from "./apply";
import type { BoardQuery, StampedCommand } from "./commands";
import { boardFromJson, boardToJson } from "./json";
import { queryBoard } from "./query";
import { boardRules } from "./rules";
import type { BoardRules } from "./rules";
import type { BoardStateJson } from "./snapshot";
import { emptyBoardState } from "./state";
import type { BoardState } from "./state";

export type BoardMachine = Machine<BoardState>;

/** The machine, or one with some rules replaced, for planted bugs. */
export function boardMachine(name = "task board", changes: Partial<BoardRules> = {}): BoardMachine {
  const rules = { ...boardRules, ...changes };
  return {
    name,
    initial: emptyBoardState,
    apply: (state, command) => applyCommand({ state, rules }, command as StampedCommand),
    query: (state, query) => queryBoard(state, query as BoardQuery),
    toJson: (state) => rules.snapshot(boardToJson(state)),
    fromJson: (json) => boardFromJson(json as BoardStateJson, rules),
  };
}

registerMachine(boardMachine());
