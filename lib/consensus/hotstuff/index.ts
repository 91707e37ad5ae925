/**
 * HotStuff, after Yin et al. 2019. `hotstuff.ts` is the replica: what it knows is `state.ts`, what
 * it says `messages.ts`, its knobs `options.ts`, and what must never be broken `rules.ts`. Then,
 * as a command travels: `client.ts`, `requests.ts`, `proposing.ts`, `voting.ts`, `decide.ts`;
 * `block.ts` and `history.ts` are the tree of blocks, `fetching.ts` how one catches up with it, and
 * `pacemaker.ts` what happens when nothing does.
 */
export { HotStuff } from "./hotstuff";
export { HotStuffClient } from "./client";
export type { HotStuffClientOptions } from "./client";
export { defaultHotStuffOptions } from "./options";
export type { HotStuffOptions } from "./options";
export type { Block, Certificate, HotStuffMessage, HotStuffTimer } from "./messages";
export { hotStuffRules } from "./rules";
export type { HotStuffRules } from "./rules";
export { hotStuffLiars } from "./adversaries";
export type { HotStuffLie, HotStuffTraitors } from "./adversaries";
export * from "./simulation";
export * from "./storm";
