import { jsonLines, truthLines } from "../../data-set";
import type { DataSet, Spec } from "../../data-set";
import { aadhaarBlockCount, aadhaarBlockRows, makeAadhaarBlock } from "../block";
import { plantFormFault } from "./faults";
import type { FormTruth } from "./faults";
import { formHeader, formRandom, makeForm } from "./form";
import type { AadhaarForm } from "./form";

export const aadhaarForms: DataSet = {
  name: "aadhaar-forms",
  csvHeader: formHeader.join(",") + "\n",
  columnTypes: ({ faults }) => ({
    birth_date: faults ? "VARCHAR" : "DATE",
    enrolled: "DATE",
  }),
  blockCount: aadhaarBlockCount,
  encode(spec, block, format) {
    const { forms, truth } = makeFormBlock(spec, block);
    const bytes =
      format === "csv"
        ? Buffer.from(forms.map(asCsvLine).join(""))
        : jsonLines(forms.length, (row) => forms[row]);
    return { rows: forms.length, bytes, truth: truthLines(truth) };
  },
};

/** The forms of a block, and what was planted in them. */
export function makeFormBlock(
  spec: Spec,
  block: number,
): { forms: AadhaarForm[]; truth: FormTruth[] } {
  const { columns } = makeAadhaarBlock({ rows: spec.rows, seed: spec.seed }, block);
  const truth: FormTruth[] = [];
  const forms = Array.from({ length: columns.rows }, (_, at) => {
    const row = block * aadhaarBlockRows + at;
    const random = formRandom(spec.seed, row);
    const form = makeForm(columns, at, random);
    const planted = plantFormFault(form, { row, rate: spec.faults ?? 0, random });
    if (planted !== undefined) truth.push(planted);
    return form;
  });
  return { forms, truth };
}

const asCsvLine = (form: AadhaarForm): string =>
  formHeader.map((column) => form[column]).join(",") + "\n";
