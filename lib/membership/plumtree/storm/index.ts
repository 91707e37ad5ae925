/** The storm over Plumtree, with its judge and planted bugs. */
export { storm as plumtreeStorm } from "./broadcast-storm";
