/** A key-value store: the smallest machine worth replicating, with compare-and-set. */
import { invalid } from "./machine";
import type { Invalid, Machine } from "./machine";

export type KvState = Map<string, unknown>;

export type KvCommand =
  | { readonly op: "put"; readonly key: string; readonly value: unknown }
  | { readonly op: "delete"; readonly key: string }
  /** Adds text to the text under the key; a missing key counts as "". */
  | { readonly op: "append"; readonly key: string; readonly value: string }
  /** Puts `to` if the value is `from` (compared as JSON); null stands for a missing key. */
  | { readonly op: "cas"; readonly key: string; readonly from: unknown; readonly to: unknown };

export interface KvQuery {
  readonly op: "get";
  readonly key: string;
}

/** `value`: what was read, or found before a put, delete or cas; null when the key was missing. */
export type KvAnswer =
  | { readonly kind: "ok"; readonly value: unknown }
  | { readonly kind: "mismatch"; readonly value: unknown }
  | Invalid;

export const kvMachine: Machine<KvState> = {
  name: "kv",
  initial: () => new Map(),
  apply: (state, command) => applyKv(state, command as KvCommand),
  query: (state, query) => queryKv(state, query as KvQuery),
  toJson: (state) => [...state],
  fromJson: (json) => new Map(json as [string, unknown][]),
};

function applyKv(state: KvState, command: KvCommand): KvAnswer {
  if (typeof command?.key !== "string") return invalid("a command of the kv machine needs a key");
  const { key } = command;
  const value = state.get(key) ?? null;
  switch (command.op) {
    case "put":
      state.set(key, command.value);
      return { kind: "ok", value };
    case "delete":
      state.delete(key);
      return { kind: "ok", value };
    case "append":
      state.set(key, `${value ?? ""}${command.value}`);
      return { kind: "ok", value };
    case "cas":
      if (JSON.stringify(value) !== JSON.stringify(command.from)) {
        return { kind: "mismatch", value };
      }
      state.set(key, command.to);
      return { kind: "ok", value };
    default:
      return invalid("the kv machine knows put, delete, append and cas");
  }
}

function queryKv(state: KvState, query: KvQuery): KvAnswer {
  if (query?.op !== "get" || typeof query.key !== "string") {
    return invalid("the kv machine answers { op: 'get', key }");
  }
  return { kind: "ok", value: state.get(query.key) ?? null };
}
