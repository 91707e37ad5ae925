/** Product pages behind three levels of caches, on a usual day and in a sale. */
export { catalogueCost } from "./cost";
export type { CatalogueCost, CataloguePrices, CatalogueUse } from "./cost";
export type { CatalogueSummary } from "./measures";
export type { CatalogueOptions } from "./options";
export { simulateCatalogue } from "./simulate";
export type { CatalogueRun } from "./simulate";
export { tierCurves } from "./tier-curves";
export type { TierCurves } from "./tier-curves";
export { ttlHitShare } from "./ttl-bound";
