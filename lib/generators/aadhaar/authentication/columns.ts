/** Authentication events: their vocabulary, and a block of them as typed columns. */
export const agencies = [
  ...["bank", "ration-shop", "telecom", "pension", "health", "scholarship", "tax"],
] as const;
export const modalities = [
  ...["fingerprint", "iris", "fingerprint+iris", "face", "otp", "demographic"],
] as const;

/** The column names of the CSV form, in order. */
export const authenticationHeader = [
  ...["time", "transaction", "aadhaar", "agency", "state", "device", "modality"],
  ...["fingerprint_score", "iris_distance", "result", "error", "latency_ms"],
] as const;

/** The numbers that stand for "does not apply" in columns of one and of two bytes. */
export const noScore = 255;
export const noDistance = 65_535;

/** Rows as columns of equal length. */
export interface AuthenticationColumns {
  readonly rows: number;
  /** Milliseconds since midnight, Indian Standard Time. */
  readonly timeMs: Uint32Array;
  readonly aadhaar: Float64Array;
  /** Index into `agencies`. */
  readonly agency: Uint8Array;
  /** Index into `states`. */
  readonly state: Uint8Array;
  /** Number of the device within its state, from 1; 0 where no device is used. */
  readonly device: Uint32Array;
  /** Index into `modalities`. */
  readonly modality: Uint8Array;
  /** 0 to 100, or `noScore`. */
  readonly fingerprintScore: Uint8Array;
  /** Hamming distance in thousandths, or `noDistance`. */
  readonly irisThousandths: Uint16Array;
  /** 0 where the answer was yes. */
  readonly error: Uint16Array;
  readonly latencyMs: Uint32Array;
}

export function makeAuthenticationColumns(rows: number): AuthenticationColumns {
  return {
    rows,
    timeMs: new Uint32Array(rows),
    aadhaar: new Float64Array(rows),
    agency: new Uint8Array(rows),
    state: new Uint8Array(rows),
    device: new Uint32Array(rows),
    modality: new Uint8Array(rows),
    fingerprintScore: new Uint8Array(rows).fill(noScore),
    irisThousandths: new Uint16Array(rows).fill(noDistance),
    error: new Uint16Array(rows),
    latencyMs: new Uint32Array(rows),
  };
}
