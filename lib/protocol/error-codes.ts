/**
 * The errors that a node may answer a request with, by number, as Maelstrom's protocol has them.
 * Definite: the operation certainly did not happen, and never will. Indefinite: it may have
 * happened, or may still. When in doubt, indefinite is always safe.
 *
 * Source: K. Kingsbury, Maelstrom, doc/protocol.md, "Errors".
 */
export const errorCodes = {
  timeout: 0,
  nodeNotFound: 1,
  notSupported: 10,
  temporarilyUnavailable: 11,
  malformedRequest: 12,
  crash: 13,
  abort: 14,
  keyDoesNotExist: 20,
  keyAlreadyExists: 21,
  preconditionFailed: 22,
  txnConflict: 30,
} as const;

export type ErrorName = keyof typeof errorCodes;

/** The answer that says why there is none. */
export interface ErrorAnswer {
  readonly type: "error";
  readonly requestId?: number;
  readonly code: number;
  /** One sentence for people. */
  readonly text: string;
}

/** An answer to the request with this `requestId`. */
export function errorAnswer(
  requestId: number | undefined,
  name: ErrorName,
  text: string,
): ErrorAnswer {
  return { type: "error", requestId, code: errorCodes[name], text };
}

const indefinite: readonly number[] = [errorCodes.timeout, errorCodes.crash];

/** Whether the operation certainly did not happen. A code that is not in the table is in doubt. */
export function isDefinite(code: number): boolean {
  const isKnown = (Object.values(errorCodes) as number[]).includes(code);
  return isKnown && !indefinite.includes(code);
}
