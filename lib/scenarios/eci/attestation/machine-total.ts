/**
 * A machine's total as one text, which machine and centres sign:
 * "machine,form_17c,total,nota,votes", as the uploads of the data have it.
 */
import { InputError } from "../../../basics";

export interface MachineTotal {
  /** Control unit, such as "CU00000017". */
  readonly machine: string;
  /** Voters by the polling station's own record, Form 17C. */
  readonly form_17c: number;
  /** Votes in the machine, NOTA included. */
  readonly total: number;
  readonly nota: number;
  /** Votes by candidate in the order of the ballot: "312;288;45". */
  readonly votes: string;
}

export function totalText(total: MachineTotal): string {
  const { machine, form_17c, nota, votes } = total;
  return [machine, form_17c, total.total, nota, votes].join(",");
}

/** Throws InputError for a text that is not a total. */
export function readTotal(text: string): MachineTotal {
  const found = /^([A-Za-z0-9-]+),(\d{1,9}),(\d{1,9}),(\d{1,9}),(\d{1,9}(?:;\d{1,9})*)$/.exec(text);
  if (found === null) {
    throw new InputError(`"${text.slice(0, 60)}" is not "machine,form_17c,total,nota,votes"`);
  }
  const [, machine = "", form17c, total, nota, votes = ""] = found;
  return { machine, form_17c: Number(form17c), total: Number(total), nota: Number(nota), votes };
}

/** Whether the text is a total of this machine whose votes and NOTA add up. */
export function addsUp(text: string, machine: string): boolean {
  try {
    const { total, nota, votes, machine: named } = readTotal(text);
    const sum = votes.split(";").reduce((votesSoFar, each) => votesSoFar + Number(each), nota);
    return named === machine && sum === total;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** The total with `share` of its votes (rounded up) added for the first candidate: a lie. */
export function inflate(text: string, share: number): string {
  const total = readTotal(text);
  const [first = "0", ...rest] = total.votes.split(";");
  const more = Math.max(1, Math.ceil(total.total * share));
  const votes = [Number(first) + more, ...rest].join(";");
  return totalText({ ...total, total: total.total + more, votes });
}
