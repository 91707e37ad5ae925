import { formatClock } from "../../calendar";
import { states } from "../../india/states";
import { formatAadhaar } from "../number";
import { agencies, modalities, noDistance, noScore } from "./columns";
import type { AuthenticationColumns } from "./columns";
import { ErrorCode } from "./model";

/** The day of the events: a Thursday. */
export const authenticationDate = "2026-01-15";

/** One authentication request. Fields that do not apply are null or empty. */
export interface AuthenticationRow {
  /** Local time (IST), ISO 8601 with milliseconds. */
  readonly time: string;
  /** "t" and the number of the row, from 0. */
  readonly transaction: string;
  readonly aadhaar: string;
  /** Who asks: the kind of service. */
  readonly agency: string;
  /** Where it happens. */
  readonly state: string;
  /** Biometric device, such as "MH-00017". */
  readonly device: string;
  readonly modality: string;
  /** 0 to 100; 40 and more matches. */
  readonly fingerprint_score: number | null;
  /** Hamming distance 0 to 1; 0.32 and less matches. */
  readonly iris_distance: number | null;
  /** "y" or "n". */
  readonly result: string;
  /** UIDAI's error code, null after a yes. */
  readonly error: number | null;
  readonly latency_ms: number;
}

/** Row `row` of the columns, which is row `first + row` of the data set, as an object. */
export function authenticationRowAt(
  columns: AuthenticationColumns,
  row: number,
  first: number,
): AuthenticationRow {
  const score = columns.fingerprintScore[row];
  const thousandths = columns.irisThousandths[row];
  const error = columns.error[row];
  return {
    time: `${authenticationDate}T${formatClock(columns.timeMs[row])}`,
    transaction: `t${first + row}`,
    aadhaar: formatAadhaar(columns.aadhaar[row]),
    agency: agencies[columns.agency[row]],
    state: states[columns.state[row]].name,
    device: formatDevice(columns.state[row], columns.device[row]),
    modality: modalities[columns.modality[row]],
    fingerprint_score: score === noScore ? null : score,
    iris_distance: thousandths === noDistance ? null : thousandths / 1_000,
    result: error === ErrorCode.none ? "y" : "n",
    error: error === ErrorCode.none ? null : error,
    latency_ms: columns.latencyMs[row],
  };
}

function formatDevice(state: number, device: number): string {
  return device === 0 ? "" : `${states[state].code}-${String(device).padStart(5, "0")}`;
}
