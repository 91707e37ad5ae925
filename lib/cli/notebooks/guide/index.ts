/** The notebook guide, as far as a program can read it. */
import type { Notebook } from "../notebook";
import type { Problem } from "../problem";
import { cellRules } from "./cells";
import { linkRules } from "./links";
import { outputRules } from "./outputs";
import { pageOf } from "./page";
import { sectionRules } from "./sections";

const rules = [...sectionRules, ...cellRules, ...outputRules, ...linkRules];

/** What in a notebook breaks the guide. `book` is the reading order, which decides the links. */
export function checkGuide(file: string, notebook: Notebook, book: readonly string[]): Problem[] {
  const page = pageOf(file, notebook, book);
  return rules.flatMap((rule) => rule(page));
}
