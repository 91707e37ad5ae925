/** Storms over rumours and over anti-entropy, with their judges and planted bugs. */
export { storm as rumourStorm } from "./rumours";
export { storm as antiEntropyStorm } from "./anti-entropy";
