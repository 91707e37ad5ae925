/** What can be wrong with uploads: each finding names where, which kind, and the figures. */

export const findingKinds = [
  ...["tampered", "wrong-sum", "wrong-ballot", "wrong-register", "wrong-machine"],
  ...["lost-votes", "extra-votes", "lying-centre"],
  ...["duplicate-upload", "conflicting-upload", "missing-station", "unknown-station"],
] as const;

/**
 * "tampered": the checksum does not fit what it covers. "wrong-sum": candidates and NOTA are not
 * the total. "wrong-ballot": more or fewer candidates than stand. "wrong-register": issued is not
 * what is known of the poll, or not rejected and Form 17C. "wrong-machine": another machine or
 * centre than that of the station. "lost-votes", "extra-votes": fewer or more votes than in Form
 * 17C. "lying-centre": extra votes in every machine of a centre. "duplicate-upload": the same came
 * again. "conflicting-upload": two that look right and differ. "missing-station": nothing came.
 * "unknown-station": no such station is known.
 */
export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  readonly kind: FindingKind;
  readonly constituency: string;
  /** "" for postal ballots. */
  readonly centre: string;
  /** 0 for postal ballots; -1 for a whole centre. */
  readonly station: number;
  /** "" for postal ballots and for a whole centre. */
  readonly machine: string;
  /** The upload's number; "" where none came, and for a whole centre. */
  readonly upload: string;
  /** What was compared, by name. */
  readonly figures: Readonly<Record<string, number>>;
}

/** A fault of one upload, before it is known where it stands. */
export type UploadFault = Pick<Finding, "kind" | "figures">;

/** Duplicates do no harm once they are dropped; all others leave ballots uncounted. */
export function isHarmless({ kind }: Pick<Finding, "kind">): boolean {
  return kind === "duplicate-upload";
}
