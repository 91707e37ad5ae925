/**
 * A distributed cache. `server.ts` is the cache server: what it knows is `state.ts`, what it keeps
 * of a key `records.ts` and `store.ts`; then `leases.ts` (who may fill a key), `stampede.ts` (early
 * loads), `hot-keys.ts` and `write-policies.ts`. `client.ts` is who reads and writes: `places.ts`,
 * `servers.ts`, `client-reads.ts`, `client-writes.ts`. `database.ts` is the truth, and
 * `invalidator.ts` tells the servers what its log says. `messages.ts` is
 * what they say, `options.ts` has the knobs, `rules.ts` what must never be broken.
 */
export { CacheClient } from "./client";
export { CacheDatabase } from "./database";
export type { DatabaseOptions } from "./database";
export { CacheInvalidator } from "./invalidator";
export type { InvalidatorOptions } from "./invalidator";
export type { CacheMessage, CacheOperation, CacheTimer } from "./messages";
export type { CacheClientOptions, CacheOptions, CacheServerOptions } from "./options";
export type { RefillPolicy, WritePolicy } from "./options";
export { CacheNode } from "./node";
export type { CacheNodeOptions } from "./node";
export { cacheRules, clientRules } from "./rules";
export type { CacheRules, ClientRules } from "./rules";
export { CacheServer } from "./server";
export { isEarly } from "./stampede";
export * from "./simulation";
export * from "./storm";
