import { isAbsolute } from "path";
import { InputError } from "../../basics";
import type { Message, Protocol } from "../../protocol";
import type { ProtocolReference } from "./setup";

/** Throws InputError when there is no such module, or no class of that name in it. */
export function loadProtocol({ module, exportName }: ProtocolReference): AnyProtocol {
  if (!isAbsolute(module) && !/^dabbawala\/[a-z/-]+$/.test(module)) {
    throw new InputError(
      `a protocol's module is "dabbawala/TOPIC" or an absolute path, not "${module}"`,
    );
  }
  let exported: Record<string, unknown>;
  try {
    exported = require(module) as Record<string, unknown>;
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new InputError(`the protocol's module ${module} cannot be loaded: ${reason}`);
  }
  const found = exported[exportName];
  if (typeof found === "function") return found as AnyProtocol;
  throw new InputError(`${module} exports no class "${exportName}"`);
}

export type AnyProtocol = Protocol<Message, unknown, Record<string, unknown>>;
