/** How cells are cut: the first two, their lengths, prose between them. */
import { hasTag } from "../notebook";
import { declaredParameters } from "../parameters";
import { countWords, isParameters, problem, sectionOf, sourceOf } from "./page";
import type { Rule } from "./page";

const mostLines = 20;
/** The guide aims at 4; a chart with its titles alone takes 8. */
const mostMedianLines = 9;
/** JupyterLab clips longer lines on a small screen. */
const mostColumns = 100;
const lessonCells = { least: 30, most: 60 };
const proseShare = { least: 0.35, most: 0.65 };
const mostWords = 60;
/** Sections whose prose is longer by their nature. */
const longProse = ["Story", "Protocol", "Exercises", "Further reading"];
const mostCodeInARow = 4;

const importsFirst: Rule = (page) => {
  const [first, second] = page.codeCells;
  if (first === undefined) return [problem(page, "there is no code cell")];
  const rest = sourceOf(first).replace(/\bimport\b[^;]*?["'][^"']+["'];?/g, "");
  return [
    ...(rest.trim() === "" ? [] : [problem(page, "the first code cell holds only imports", first)]),
    ...(second !== undefined && isParameters(second)
      ? []
      : [problem(page, "the second code cell is tagged `parameters`", second)]),
  ];
};

const parametersAreDocumented: Rule = (page) => {
  const cell = page.codeCells.find(isParameters);
  if (cell === undefined) return [];
  const declared = declaredParameters(page.notebook);
  return sourceOf(cell)
    .split("\n")
    .flatMap((text, at) => {
      const name = /^const (\w+)/.exec(text)?.[1] ?? "";
      if (declared.has(name) && /\/\/ \S/.test(text)) return [];
      const wanted = "one `const name = value; // unit and range` a line, the value a literal";
      return [problem(page, `a parameter is ${wanted}`, cell, at + 1)];
    });
};

const shortCells: Rule = (page) => {
  const lines = page.codeCells.map((cell) => sourceOf(cell).split("\n").length);
  const long = page.codeCells.filter((_cell, at) => (lines[at] as number) > mostLines);
  const median = [...lines].sort((a, b) => a - b)[lines.length >> 1] ?? 0;
  const limit = `at most ${mostLines} lines fit one idea`;
  return [
    ...long.map((cell) => {
      return problem(page, `${sourceOf(cell).split("\n").length} lines: ${limit}`, cell);
    }),
    ...(median <= mostMedianLines
      ? []
      : [problem(page, `the median code cell has ${median} lines: aim at 4`)]),
  ];
};

const narrowCode: Rule = (page) => {
  return page.codeCells.flatMap((cell) =>
    sourceOf(cell)
      .split("\n")
      .flatMap((text, at) => {
        if (text.length <= mostColumns) return [];
        const told = `${text.length} columns: a small screen shows ${mostColumns}`;
        return [problem(page, told, cell, at + 1)];
      }),
  );
};

const proseBetweenCode: Rule = (page) => {
  let inARow = 0;
  return page.cells.flatMap((cell) => {
    inARow = cell.cell_type === "code" && !hasTag(cell, "parameters") ? inARow + 1 : 0;
    if (inARow !== mostCodeInARow + 1) return [];
    return [problem(page, `more than ${mostCodeInARow} code cells without prose between`, cell)];
  });
};

const proseIsShort: Rule = (page) => {
  if (page.kind === "start") return [];
  const long = new Set(longProse.flatMap((heading) => sectionOf(page, heading)));
  return page.cells.flatMap((cell) => {
    const words = countWords([cell]);
    if (words <= mostWords || long.has(cell)) return [];
    return [problem(page, `${words} words: prose cells have 20 to ${mostWords}`, cell)];
  });
};

const sizeOfLesson: Rule = (page) => {
  if (page.kind !== "lesson") return [];
  const { length } = page.cells;
  const share = 1 - page.codeCells.length / length;
  const isSized = length >= lessonCells.least && length <= lessonCells.most;
  const isHalf = share >= proseShare.least && share <= proseShare.most;
  const wanted = `${lessonCells.least} to ${lessonCells.most}`;
  const percent = Math.round(share * 100);
  return [
    ...(isSized ? [] : [problem(page, `${length} cells: a lesson has ${wanted}`)]),
    ...(isHalf ? [] : [problem(page, `${percent} % of the cells are prose: about half should be`)]),
  ];
};

export const cellRules: readonly Rule[] = [
  importsFirst,
  parametersAreDocumented,
  shortCells,
  narrowCode,
  proseBetweenCode,
  proseIsShort,
  sizeOfLesson,
];
