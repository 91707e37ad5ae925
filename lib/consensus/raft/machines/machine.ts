/** What a log is applied to. All functions are deterministic; `apply` and `query` never throw. */
export interface Machine<State = unknown> {
  readonly name: string;
  /** Plain data; Map and Set allowed. */
  initial(): State;
  /** Changes the state and returns the answer, plain JSON; also to what it cannot read. */
  apply(state: State, command: unknown): unknown;
  /** Reads the state and leaves it as it is. */
  query(state: State, query: unknown): unknown;
  toJson(state: State): unknown;
  fromJson(json: unknown): State;
}

/** The answer to a command or query that the machine does not know. */
export interface Invalid {
  readonly kind: "invalid";
  readonly reason: string;
}

export function invalid(reason: string): Invalid {
  return { kind: "invalid", reason };
}
