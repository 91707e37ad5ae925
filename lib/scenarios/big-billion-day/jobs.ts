/**
 * The jobs behind a sale and who they are for, in two tables. All figures are invented: they stand
 * for short urgent work and long patient work on the same machines, and are no measurements.
 */

export interface JobKind {
  readonly kind: string;
  /** Part of all jobs, 0 to 1. */
  readonly share: number;
  /** Mean of an exponential draw. */
  readonly serviceMs: number;
  /** Late when it ends later than this after it came. */
  readonly deadlineMs: number;
  /** 0, the most urgent, to 9. */
  readonly priority: number;
  /** Capabilities of its worker: every machine has "cpu", some have "gpu" as well. */
  readonly needs: readonly string[];
  /** Attempts that fail, 0 to 1: at the bank, at the SMS gateway. */
  readonly failRate: number;
  /** A refused one may be thrown away, if the shop sheds. */
  readonly isDroppable: boolean;
}

const usual = { failRate: 0, needs: ["cpu"], isDroppable: false } as const;
const gpu = { needs: ["cpu", "gpu"] } as const;
const droppable = { isDroppable: true } as const;

const rows: readonly (Partial<JobKind> & Omit<JobKind, keyof typeof usual>)[] = [
  { kind: "payment", share: 0.25, serviceMs: 80, deadlineMs: 500, priority: 0, failRate: 0.01 },
  { kind: "inventory", share: 0.3, serviceMs: 50, deadlineMs: 1_000, priority: 1 },
  {
    kind: "notification",
    share: 0.25,
    serviceMs: 40,
    deadlineMs: 2_000,
    priority: 4,
    failRate: 0.1,
  },
  {
    kind: "image",
    share: 0.05,
    serviceMs: 120,
    deadlineMs: 3_000,
    priority: 7,
    ...gpu,
    ...droppable,
  },
  { kind: "analytics", share: 0.15, serviceMs: 60, deadlineMs: 4_000, priority: 9, ...droppable },
];

export const bigBillionKinds: readonly JobKind[] = rows.map((row) => ({ ...usual, ...row }));

export interface Tenant {
  readonly tenant: string;
  /** Of the machines' time, when more is wanted than there is. */
  readonly weight: number;
  /** Part of the jobs of a usual hour, and of those that the sale adds. */
  readonly usual: number;
  readonly sale: number;
}

/** The phones are what everybody comes for. */
export const bigBillionTenants: readonly Tenant[] = [
  { tenant: "mobiles", weight: 2, usual: 0.4, sale: 0.8 },
  { tenant: "fashion", weight: 1, usual: 0.35, sale: 0.15 },
  { tenant: "grocery", weight: 1, usual: 0.25, sale: 0.05 },
];

/** The time of a worker that a job takes in the mean. */
export function meanServiceMs(): number {
  return bigBillionKinds.reduce((sum, { share, serviceMs }) => sum + share * serviceMs, 0);
}
