/**
 * SWIM, with Lifeguard. `swim.ts` is the member: what it knows is `state.ts`, what it says
 * `messages.ts`, its knobs `options.ts`, and what its promises rest on `rules.ts`. Then, as in the
 * paper: `probing.ts` (section 3), `updates.ts` and `update-queue.ts` (4.1), `learning.ts` and
 * `suspicion.ts` (4.2); `joining.ts`; the table in `members.ts`, the arithmetic in `timing.ts`.
 */
export { Swim } from "./swim";
export { defaultSwimOptions, wanSwimOptions } from "./options";
export type { SwimOptions } from "./options";
export type { SwimMessage, SwimTimer } from "./messages";
export { swimRules } from "./rules";
export type { SwimRules } from "./rules";
export { paperOrder, rejoinOrder } from "./updates";
export type { MemberStatus, Standing, Update, UpdateOrder } from "./updates";
export * from "./simulation";
export * from "./storm";
