/**
 * How a value leaves the process: as one bundle of forms in a notebook, as text elsewhere.
 */
import { join } from "path";

/** MIME type -> value. `text/plain` is always there. */
export type MimeBundle = Readonly<Record<string, unknown>> & { readonly "text/plain": string };

/** A value with this method is shown in the forms that it returns. */
export const mimeBundleSymbol: unique symbol = Symbol.for("dabbawala.mimeBundle") as never;

/** A value that knows the forms in which it can be shown. */
export interface Showable {
  [mimeBundleSymbol](): MimeBundle | Promise<MimeBundle>;
}

interface JupyterModule {
  lastWriteDisplayData:
    | ((
        content: { data: MimeBundle; metadata: object; transient: object },
        isUpdate: boolean,
      ) => void)
    | null;
}

/** The module through which the kernel that runs this process publishes, if one does. */
function kernelModule(): JupyterModule | undefined {
  const ending = join("tslab", "dist", "jupyter.js");
  const file = Object.keys(require.cache).find((path) => path.endsWith(ending));
  return file === undefined ? undefined : (require(file) as JupyterModule);
}

/** True in a notebook. */
export function isInNotebook(): boolean {
  return Boolean(kernelModule()?.lastWriteDisplayData);
}

/**
 * Publishes a bundle in a notebook, or prints its text elsewhere. With `update` the output of that
 * id is replaced in place (notebooks only).
 */
export function publish(data: MimeBundle, update?: { id: string; isFirst: boolean }): void {
  const write = kernelModule()?.lastWriteDisplayData;
  if (!write) {
    process.stdout.write(data["text/plain"] + "\n");
    return;
  }
  const transient = update === undefined ? {} : { display_id: update.id };
  write({ data, metadata: {}, transient }, update !== undefined && !update.isFirst);
}
