/**
 * Storms over balancers, servers and clients. `npx dabbawala storm balancing --seeds 1000` runs
 * more of them; `--seed 17` one.
 */
import { balancingStorm } from "dabbawala/balancing";
import type { StormDefinition } from "dabbawala/hosts";
import { stormSuite } from "../../storm-suite";

stormSuite(balancingStorm as StormDefinition, { seeds: 14, catchWithin: 20 });
