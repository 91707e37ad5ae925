/**
 * Where the states and union territories of India (as of 2019) stand on a map of equal tiles: by
 * their letters, column and row from the north-west. Neighbours mostly stay neighbours.
 */
export const indiaTiles: Readonly<Record<string, readonly [column: number, row: number]>> = {
  ...{ JK: [3, 0], PB: [2, 1], HP: [3, 1], CH: [2, 2], HR: [3, 2], UK: [4, 2] },
  ...{ SK: [6, 2], AS: [8, 2], AR: [9, 2], RJ: [2, 3], DL: [3, 3], UP: [4, 3] },
  ...{ BR: [5, 3], WB: [6, 3], ML: [8, 3], NL: [9, 3], GJ: [2, 4], MP: [3, 4] },
  ...{ CG: [4, 4], JH: [5, 4], TR: [8, 4], MN: [9, 4], DD: [1, 5], DN: [2, 5] },
  ...{ MH: [3, 5], TS: [4, 5], OD: [5, 5], MZ: [9, 5], GA: [2, 6], KA: [3, 6] },
  ...{ AP: [4, 6], LD: [1, 7], KL: [3, 7], TN: [4, 7], PY: [5, 7], AN: [8, 7] },
};
