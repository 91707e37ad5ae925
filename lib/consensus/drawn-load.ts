/** Puts and gets that a load client draws: keys evenly, every value a different one. */
type Drawn = { readonly command: unknown } | { readonly query: unknown };

export interface DrawnLoad {
  /** Keys "key-1" to "key-1000" are drawn evenly for 1000. */
  readonly keys: number;
  readonly valueBytes: number;
  /** How many of the operations read, 0 to 1. */
  readonly readShare: number;
}

/** `label` begins the value: who puts it, and how many it has put before. */
export function drawOperation(load: DrawnLoad, label: string, random: () => number): Drawn {
  const key = `key-${1 + Math.floor(random() * load.keys)}`;
  if (random() < load.readShare) return { query: { op: "get", key } };
  return { command: { op: "put", key, value: label.padEnd(load.valueBytes, ".") } };
}
