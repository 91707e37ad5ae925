/** The storm over heartbeat monitors, with its judge and planted bugs. */
export { storm as heartbeatStorm } from "./heartbeat-storm";
