/**
 * Dynamo, section by section. `dynamo.ts` is the server: what it knows is `state.ts`, what it keeps
 * `storage.ts`, what it says `messages.ts`, its knobs `options.ts`, what must never be broken
 * `rules.ts`. Then `ring.ts` and `owners.ts` (4.2, 4.3, 6.2), `coordinate.ts` (4.5, 4.6, 5),
 * `replica.ts` (4.6), `anti-entropy.ts` (4.7), `membership.ts` and `ring-agreement.ts` (4.8);
 * `client.ts` (4.4).
 */
export { Dynamo } from "./dynamo";
export { DynamoClient } from "./client";
export type { DynamoClientOptions } from "./client";
export type { DynamoOptions, ReadRepair, Resolution } from "./options";
export type { DynamoMessage, DynamoOperation, DynamoTimer } from "./messages";
export { dynamoRules } from "./rules";
export type { DynamoRules } from "./rules";
export type { RingChange } from "./ring";
export * from "./simulation";
export * from "./storm";
