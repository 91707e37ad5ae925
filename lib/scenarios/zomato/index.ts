/**
 * Zomato's dispatchers: kitchens, delivery partners and stock under locks, in `dispatcher.ts` and
 * `dispatch-store.ts`; `simulateZomato` counts who was given twice and who waited how long.
 */
import "../../kernel/in-stock-kernel";
export type { Locking } from "./dispatcher";
export { simulateZomato } from "./simulate-zomato";
export type { ZomatoResult, ZomatoSimulation } from "./simulate-zomato";
