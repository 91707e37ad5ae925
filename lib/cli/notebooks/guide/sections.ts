/** The nine sections, and what each must hold. */
import type { NotebookCell } from "../notebook";
import { countWords, hasChart, headingsOf, outputsOf, problem, sectionOf, sourceOf } from "./page";
import type { Page, Rule } from "./page";

export const sections = [
  "Question",
  "Story",
  "Protocol",
  "Run it",
  "Measure it",
  "Break it",
  "Compare with the real system",
  "Exercises",
  "Further reading",
] as const;

const storyWords = 200;
const excerptLines = { least: 10, most: 25 };
const readings = 3;

const oneTitle: Rule = (page) => {
  const titles = page.cells.filter((cell) => /^# /m.test(withoutCode(cell)));
  if (titles.length === 1 && titles[0] === page.cells[0]) return [];
  return [problem(page, "the first cell, and no other, has a title of the first level (# ...)")];
};

const nineSections: Rule = (page) => {
  if (page.kind === "start") return [];
  const found = page.cells.flatMap(headingsOf);
  const at = sections.findIndex((section, index) => found[index] !== section);
  if (at < 0 && found.length === sections.length) return [];
  const wanted = at < 0 ? "the end" : `"${sections[at]}"`;
  const seen = found[at < 0 ? sections.length : at];
  const instead = seen === undefined ? "there is none" : `there is "${seen}"`;
  return [problem(page, `the next section must be ${wanted}, and ${instead}`)];
};

const shortStory: Rule = (page) => {
  const words = countWords(sectionOf(page, "Story"));
  if (words < storyWords) return [];
  return [problem(page, `the Story has ${words} words: tell it in under ${storyWords}`)];
};

const filledSections: Rule = (page) => {
  if (page.kind !== "lesson") return [];
  const [story, measure] = [sectionOf(page, "Story"), sectionOf(page, "Measure it")];
  const coded = ["Run it", "Measure it", "Break it", "Exercises"].filter((heading) => {
    return !sectionOf(page, heading).some((cell) => cell.cell_type === "code");
  });
  return [
    ...(hasFigure(story) ? [] : [problem(page, "the Story has no figure")]),
    ...(hasChart(measure) ? [] : [problem(page, '"Measure it" has no chart')]),
    ...coded.map((heading) => problem(page, `"${heading}" has no code cell`)),
  ];
};

const protocolIsShown: Rule = (page) => {
  if (page.kind !== "lesson") return [];
  const cells = sectionOf(page, "Protocol");
  const text = cells.map(sourceOf).join("\n");
  const isTable = /^\|\s*message\s*\|\s*from\s*\|\s*to\s*\|\s*carries\s*\|/m.test(text);
  const excerpts = cells.flatMap((cell) => (/\bsource\(/.test(sourceOf(cell)) ? [cell] : []));
  return [
    ...(/^1\. /m.test(text) ? [] : [problem(page, "the Protocol has no numbered moves")]),
    ...(isTable ? [] : [problem(page, "the Protocol has no table: message, from, to, carries")]),
    ...(excerpts.length > 0 ? [] : [problem(page, "the Protocol shows no source(...)")]),
    ...excerpts.flatMap((cell) => excerptProblems(page, cell)),
  ];
};

function excerptProblems(page: Page, cell: NotebookCell): ReturnType<Rule> {
  const shown = outputsOf(cell).map((data) => String(data["text/markdown"] ?? ""));
  const code = /```[^\n]*\n([\s\S]*?)```/.exec(shown.join("\n"))?.[1] ?? "";
  const lines = code.trimEnd().split("\n").length;
  if (lines >= excerptLines.least && lines <= excerptLines.most) return [];
  const wanted = `${excerptLines.least} to ${excerptLines.most}`;
  return [problem(page, `the excerpt has ${lines} lines: show ${wanted}`, cell)];
}

const exercisesAreWhole: Rule = (page) => {
  if (page.kind !== "lesson") return [];
  const cells = sectionOf(page, "Exercises");
  const isFolded = (cell: NotebookCell): boolean => cell.metadata.jupyter?.source_hidden === true;
  return [
    ...(cells.some((cell) => sourceOf(cell).includes("★"))
      ? []
      : [problem(page, "the exercises have no stars (★ to ★★★)")]),
    ...(cells.some((cell) => cell.cell_type === "code" && isFolded(cell))
      ? []
      : [problem(page, "the exercises have no folded solution (jupyter.source_hidden)")]),
  ];
};

const furtherReading: Rule = (page) => {
  if (page.kind !== "lesson") return [];
  const text = sectionOf(page, "Further reading").map(sourceOf).join("\n");
  const items = text.match(/^(- |\d+\. )/gm)?.length ?? 0;
  if (items >= readings) return [];
  return [problem(page, `further reading has ${items} items: name ${readings} or more`)];
};

function hasFigure(cells: readonly NotebookCell[]): boolean {
  const isPicture = (type: string): boolean => type.startsWith("image/");
  return cells.some((cell) => outputsOf(cell).some((data) => Object.keys(data).some(isPicture)));
}

function withoutCode(cell: NotebookCell): string {
  return cell.cell_type === "markdown" ? sourceOf(cell).replace(/```[\s\S]*?```/g, "") : "";
}

export const sectionRules: readonly Rule[] = [
  oneTitle,
  nineSections,
  shortStory,
  filledSections,
  protocolIsShown,
  exercisesAreWhole,
  furtherReading,
];
