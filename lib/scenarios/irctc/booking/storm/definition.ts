/** The booking storm, for the command and for notebooks: the booking itself, or a planted bug. */
import type { StormDefinition } from "../../../../hosts";
import { BookingServer } from "../server";
import { planOf } from "./plan";
import { describeAction, runStorm } from "./run";
import type { BookingStormAction } from "./run";
import { bookingVariants } from "./variants";

/** What storms that test anything must have had, over all their seeds. */
export const sometimes: readonly string[] = [
  ...["becameLeader", "charged", "declined", "refunded", "answerLost", "judged in order"],
  ...["new to berths", "new to rac", "new to waiting", "nothing new"],
  ...["waiting to berths", "waiting to rac", "rac to berths", "berths to none", "waiting to none"],
];

export const storm: StormDefinition<BookingStormAction> = {
  name: "booking",
  modulePath: __filename,
  variants: bookingVariants.map(({ id }) => id),
  about: (variant) => bookingVariants.find(({ id }) => id === variant)?.about ?? "",
  sometimes,
  describe: describeAction,
  build(seed, variant) {
    const planted = bookingVariants.find(({ id }) => id === variant);
    const plan = planOf(seed, planted?.plan);
    const machine = planted === undefined ? "booking" : `booking ${planted.id}`;
    const server = planted?.server ?? BookingServer;
    return { plan, run: (options) => runStorm(plan, { server, machine }, options) };
  },
};
