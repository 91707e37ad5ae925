import { describe, expect, it } from "vitest";
import {
  aadhaarFormRows,
  aadhaarFormTruth,
  aadhaarRows,
  formFaults,
  formFaultWeights,
  isVerhoeffValid,
} from "dabbawala/generators";
import { chiSquare } from "./distributions";

const spec = { rows: 30_000, seed: 5 };
const faulty = { ...spec, faults: 0.1 };

describe("Enrolment forms", () => {
  it("are of the people of the register, with numbers that no telephone has", () => {
    const forms = [...aadhaarFormRows({ rows: 500, seed: 5 })];
    const people = [...aadhaarRows({ rows: 500, seed: 5 })];
    forms.forEach(({ phone, ...form }, row) => {
      const { iris, ...person } = people[row]!;
      expect(iris).toHaveLength(512);
      expect(form).toEqual(person);
      expect(phone).toMatch(/^5\d{9}$/);
    });
  });

  it("differ from those without faults in the planted fields alone, as the truth says", () => {
    const right = [...aadhaarFormRows(spec)];
    const truth = new Map([...aadhaarFormTruth(faulty)].map((planted) => [planted.row, planted]));
    let row = 0;
    for (const form of aadhaarFormRows(faulty)) {
      const planted = truth.get(row);
      if (planted === undefined) expect(form).toEqual(right[row]);
      else {
        expect(planted.correct).toBe(right[row]![planted.column]);
        expect(form[planted.column]).not.toBe(planted.correct);
        expect({ ...form, [planted.column]: planted.correct }).toEqual(right[row]);
      }
      row++;
    }
    expect(row).toBe(spec.rows);
  });

  it("have faults by their shares: chi-square", () => {
    const truth = [...aadhaarFormTruth(faulty)];
    expect(Math.abs(truth.length - 3_000)).toBeLessThan(3 * Math.sqrt(3_000 * 0.9));
    const counts = formFaults.map((fault) => truth.filter((one) => one.fault === fault).length);
    const { statistic, limit } = chiSquare(counts, formFaultWeights);
    expect(statistic).toBeLessThan(limit);
  });

  it("have no number that is right in spite of a slip, or looks like one that was issued", () => {
    const rows = [...aadhaarFormRows(faulty)];
    for (const { row, column } of aadhaarFormTruth(faulty)) {
      if (column === "aadhaar") expect(isVerhoeffValid(rows[row]!.aadhaar)).toBe(false);
    }
    expect(rows.every(({ aadhaar }) => /^[01]\d{11}$/.test(aadhaar))).toBe(true);
  });
});
