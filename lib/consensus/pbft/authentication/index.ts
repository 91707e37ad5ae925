/** Proofs of who said what: `kinds.ts` has the shape of both makings and their options. */
import type { NodeId } from "../../../protocol";
import type { Authentication, AuthenticationOptions } from "./kinds";
import { macs } from "./macs";
import { signatures } from "./signatures";

/** What the node proves its messages with, and checks those of others. */
export function authenticationOf(id: NodeId, options: AuthenticationOptions): Authentication {
  return options.authentication === "macs" ? macs(id, options) : signatures(id, options);
}

export { checkAuthentication, defaultAuthentication } from "./kinds";
export type { Authentication, AuthenticationKind, AuthenticationOptions, PbftKeys } from "./kinds";
export { ownEntry, pbftKeys, publicKeysOf } from "./signatures";
