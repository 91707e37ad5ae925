/** Fills a gallery of iris pictures with made-up people. */
import { join } from "path";
import { inRange, wholeInRange } from "../../../basics";
import type { IrisGallerySpec } from "../../../generators";
import { runTeam } from "../../../graph/team/run-team";
import { IrisGallery } from "./gallery";
import type { GalleryInput } from "./gallery-kernel";
import { parallelOptions } from "./parallel";
import type { IrisOptions } from "./parallel";

/**
 * A gallery of made-up people, made on all cores: the same seed gives the same bytes. A million
 * pictures take 640 MB.
 */
export async function makeIrisGallery(
  spec: IrisGallerySpec,
  options: IrisOptions = {},
): Promise<IrisGallery> {
  inRange("duplicates", spec.duplicates ?? 0, { min: 0, max: 0.9 });
  wholeInRange("maxRotation", spec.maxRotation ?? 3, { min: 0, max: 7 });
  const gallery = IrisGallery.empty(spec.rows);
  const input: GalleryInput = { gallery: gallery.arrays, spec };
  await runTeam(join(__dirname, "gallery-kernel.js"), input, parallelOptions(options));
  // One thread tells how far they are, and another may have made the last pictures.
  options.onProgress?.(gallery.count, gallery.count);
  return gallery;
}
