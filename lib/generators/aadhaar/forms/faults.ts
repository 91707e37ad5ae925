/**
 * What is typed wrongly in some forms, and how it should be. Slips in a number are the two that
 * people make most (Verhoeff 1969): one digit wrong, two neighbours exchanged. How often each kind
 * comes is an assumption.
 */
import { Random } from "../../../basics";
import { AliasTable } from "../../alias-table";
import { impossibleDate } from "../faults";
import { formatDate } from "../../calendar";
import { districts } from "../../india/districts";
import { states } from "../../india/states";
import type { AadhaarForm, FormColumn } from "./form";

export const formFaults = [
  ...["wrong-digit", "swapped-digits", "impossible-date", "missing-field"],
  ...["wrong-pin", "bad-phone", "wrong-state"],
] as const;
export type FormFault = (typeof formFaults)[number];

/** Shares of the kinds among the planted faults. */
export const formFaultWeights = [20, 10, 20, 20, 10, 10, 10];
const faultTable = new AliasTable(formFaultWeights);

/** One planted fault, as told beside the data. */
export interface FormTruth {
  /** Number of the row in the data, from 0. */
  readonly row: number;
  readonly fault: FormFault;
  readonly column: FormColumn;
  /** What should stand there. */
  readonly correct: string;
}

const mayBeMissing = [
  ...["name", "gender", "birth_date", "language", "district", "pin", "phone"],
] as const satisfies readonly FormColumn[];

/** Changes one field of the form; undefined: nothing is planted. */
export function plantFormFault(
  form: AadhaarForm,
  { row, rate, random }: { row: number; rate: number; random: Random },
): FormTruth | undefined {
  if (!random.chance(rate)) return undefined;
  const fault = formFaults[faultTable.draw(random)];
  const [column, typed] = slips[fault](form, random);
  const truth = { row, fault, column, correct: form[column] };
  form[column] = typed;
  return truth;
}

type Slip = (form: AadhaarForm, random: Random) => readonly [FormColumn, string];

const slips: Readonly<Record<FormFault, Slip>> = {
  "wrong-digit": ({ aadhaar }, random) => {
    const place = 1 + random.below(11);
    const digit = (Number(aadhaar[place]) + 1 + random.below(9)) % 10;
    return ["aadhaar", aadhaar.slice(0, place) + String(digit) + aadhaar.slice(place + 1)];
  },
  "swapped-digits": ({ aadhaar }, random) => ["aadhaar", swapNeighbours(aadhaar, random)],
  "impossible-date": (form, random) => {
    const [birth, enrolled] = [form.birth_date, form.enrolled].map(asNumber);
    return ["birth_date", formatDate(impossibleDate(birth, enrolled, random))];
  },
  "missing-field": (_, random) => [random.pick(mayBeMissing), ""],
  "wrong-pin": ({ pin }, random) => ["pin", pinElsewhere(pin, random)],
  "bad-phone": ({ phone }, random) => ["phone", spoilPhone(phone, random)],
  "wrong-state": ({ district }, random) => ["state", stateWithout(district, random)],
};

const asNumber = (date: string): number => Number(date.replace(/-/g, ""));

/** The first digit stays, so that no number looks like one that was issued. */
function swapNeighbours(aadhaar: string, random: Random): string {
  const start = random.below(10);
  for (let tried = 0; tried < 10; tried++) {
    const at = 1 + ((start + tried) % 10);
    const [left, right] = [aadhaar[at], aadhaar[at + 1]];
    if (left !== right) return aadhaar.slice(0, at) + right + left + aadhaar.slice(at + 2);
  }
  return aadhaar.slice(0, 11) + String((Number(aadhaar[11]) + 1) % 10);
}

/** A code of another state, whose range does not hold it too. */
function pinElsewhere(pin: string, random: Random): string {
  const own = Number(pin.slice(0, 3));
  const holds = (range: readonly [number, number], area: number): boolean =>
    range[0] <= area && area <= range[1];
  const home = states.filter(({ pinCodes }) => holds(pinCodes, own));
  const areas = states
    .map(({ pinCodes }) => pinCodes[0])
    .filter((area) => !home.some(({ pinCodes }) => holds(pinCodes, area)));
  return String(random.pick(areas)) + pin.slice(3);
}

function spoilPhone(phone: string, random: Random): string {
  switch (random.below(4)) {
    case 0:
      return phone.slice(0, 9);
    case 1:
      return phone + String(random.below(10));
    case 2:
      return `${phone.slice(0, 6)}O${phone.slice(7)}`;
    default:
      return String(random.below(5)) + phone.slice(1);
  }
}

/** A state in which no district has that name. */
function stateWithout(district: string, random: Random): string {
  const home = new Set(districts.filter(({ name }) => name === district).map((d) => d.state));
  return random.pick(states.filter((_, state) => !home.has(state))).name;
}
