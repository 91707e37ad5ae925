/** k-means and logistic regression as one writes them in ten lines: one thread, plain loops. */

export function lloyd(points: number[][], start: number[][], passes: number): number[][] {
  let centres = start;
  for (let pass = 0; pass < passes; pass++) {
    const groups: number[][][] = centres.map(() => []);
    for (const point of points) {
      const distances = centres.map((centre) =>
        centre.reduce((sum, c, i) => sum + (c - (point[i] ?? 0)) ** 2, 0),
      );
      groups[distances.indexOf(Math.min(...distances))]?.push(point);
    }
    centres = centres.map((centre, c) => {
      const group = groups[c] ?? [];
      if (group.length === 0) return centre;
      return centre.map((_, i) => group.reduce((sum, p) => sum + (p[i] ?? 0), 0) / group.length);
    });
  }
  return centres;
}

export interface Labelled {
  readonly features: number[];
  readonly label: number;
}

/** The gradient of the mean of log(1 + e^(-y w.x)), with a 1 behind the features. */
export function descend(rows: Labelled[], passes: number, learningRate: number): number[] {
  let weights = [...(rows[0]?.features ?? []), 1].map(() => 0);
  for (let pass = 0; pass < passes; pass++) {
    const gradient = weights.map(() => 0);
    for (const { features, label } of rows) {
      const values = [...features, 1];
      const score = values.reduce((sum, v, i) => sum + v * (weights[i] ?? 0), 0);
      const probability = 1 / (1 + Math.exp(-score));
      values.forEach((v, i) => (gradient[i] = (gradient[i] ?? 0) + (probability - label) * v));
    }
    weights = weights.map((w, i) => w - (learningRate * (gradient[i] ?? 0)) / rows.length);
  }
  return weights;
}
