/** Plumtree in `plumtree.ts`, and overlays for it in `overlay.ts`. */
export { Plumtree } from "./plumtree";
export { defaultPlumtreeOptions } from "./options";
export type { PlumtreeOptions } from "./options";
export type { PlumtreeMessage, PlumtreeTimer } from "./messages";
export { overlayOf } from "./overlay";
export type { OverlayOptions } from "./overlay";
export * from "./simulation";
export * from "./storm";
