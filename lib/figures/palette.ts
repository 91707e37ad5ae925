/**
 * The colours of the whole book: Okabe and Ito's eight (2008), told apart by colour-blind readers,
 * on light and on dark. Charts also tell series apart by dashes or shapes.
 */
export const palette = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#8a6d3b",
  "#7f7f7f",
] as const;

/** Text and lines: a grey that reads on white and on black. */
export const ink = "#777777";
