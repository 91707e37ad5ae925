/** What the doctor found about one thing. A note is worth knowing; only a problem fails. */
export interface Finding {
  readonly kind: "ok" | "note" | "problem";
  /** What was found, in a few words. */
  readonly found: string;
  /** What to do about it; empty when nothing. */
  readonly remedy: string;
}

export const ok = (found: string): Finding => ({ kind: "ok", found, remedy: "" });

export const note = (found: string, remedy: string): Finding => ({ kind: "note", found, remedy });

export const problem = (found: string, remedy: string): Finding => ({
  kind: "problem",
  found,
  remedy,
});
