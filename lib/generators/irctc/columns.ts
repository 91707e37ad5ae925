/** The vocabulary of an IRCTC log, and a block of rows as typed columns. */
export const actions = ["login", "search", "availability", "book", "payment", "cancel"] as const;
export const travelClasses = ["1A", "2A", "3A", "CC", "SL", "2S"] as const;
export const quotas = ["GN", "TQ", "LD", "SS", "DF"] as const;
export const gateways = ["upi", "card", "netbanking", "wallet"] as const;
export const devices = ["android", "ios", "web", "agent"] as const;

/** The column names of the CSV form, in order. */
export const irctcHeader = [
  ...["time", "user", "session", "action", "train", "from", "to", "class", "quota", "pnr"],
  ...["status", "response_ms", "gateway", "device", "region"],
] as const;

/** The number that stands for "does not apply" in the byte columns. */
export const none = 255;

/**
 * Rows as columns of equal length. Byte columns hold indices into the lists of this file,
 * `stations` or `trains`; `none` where the field does not apply.
 */
export interface IrctcColumns {
  readonly rows: number;
  /** Milliseconds since midnight, Indian Standard Time. */
  readonly timeMs: Uint32Array;
  readonly user: Uint32Array;
  readonly session: Uint32Array;
  readonly action: Uint8Array;
  readonly train: Uint8Array;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly travelClass: Uint8Array;
  readonly quota: Uint8Array;
  /** Ten digits, 0 where there is none. */
  readonly pnr: Float64Array;
  /** HTTP status code. */
  readonly status: Uint16Array;
  readonly responseMs: Uint32Array;
  readonly gateway: Uint8Array;
  readonly device: Uint8Array;
  readonly region: Uint8Array;
}

export function makeColumns(rows: number): IrctcColumns {
  const bytes = (): Uint8Array => new Uint8Array(rows);
  const words = (): Uint32Array => new Uint32Array(rows);
  return {
    rows,
    timeMs: words(),
    user: words(),
    session: words(),
    action: bytes(),
    train: bytes(),
    from: bytes(),
    to: bytes(),
    travelClass: bytes(),
    quota: bytes(),
    pnr: new Float64Array(rows),
    status: new Uint16Array(rows),
    responseMs: words(),
    gateway: bytes(),
    device: bytes(),
    region: bytes(),
  };
}
