/** Makes the pictures of a gallery, block by block; see gallery.ts. */
import { IrisPictures } from "../../../generators/aadhaar/iris-picture";
import type { IrisGallerySpec } from "../../../generators/aadhaar/iris-picture";
import type { Kernel } from "../../../graph/team/kernel";
import { IrisGallery } from "./gallery";
import type { GalleryArrays } from "./gallery";

export interface GalleryInput {
  readonly gallery: GalleryArrays;
  readonly spec: IrisGallerySpec;
}

const blockRows = 1_024;

export const run: Kernel<GalleryInput>["run"] = ({ gallery: arrays, spec }, team, tell) => {
  const gallery = new IrisGallery(arrays);
  const pictures = new IrisPictures(spec);
  const picture = new Uint8Array(gallery.picture(0).length);
  const blocks = Math.ceil(gallery.count / blockRows);
  team.each(blocks, (block) => {
    const end = Math.min((block + 1) * blockRows, gallery.count);
    for (let row = block * blockRows; row < end; row++) {
      const truth = pictures.fill(row, picture);
      gallery.picture(row).set(picture);
      if (truth !== undefined) gallery.persons[row] = truth.of;
    }
    if (team.worker === 0) tell(end, gallery.count);
  });
};
