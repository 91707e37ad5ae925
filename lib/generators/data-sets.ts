import { InputError } from "../basics";
import { aadhaarAuthentication } from "./aadhaar/authentication/data-set";
import { aadhaar } from "./aadhaar/data-set";
import { aadhaarForms } from "./aadhaar/forms/data-set";
import type { DataSet } from "./data-set";
import { flipkart } from "./flipkart/data-set";
import { irctc } from "./irctc/data-set";
import { irctcRequests } from "./irctc/requests/data-set";
import { votes } from "./votes/data-set";
import { votesRaw } from "./votes/raw";
import { votesStations } from "./votes/stations";

export const dataSets: Readonly<Record<string, DataSet>> = {
  irctc,
  "irctc-requests": irctcRequests,
  aadhaar,
  "aadhaar-auth": aadhaarAuthentication,
  "aadhaar-forms": aadhaarForms,
  votes,
  flipkart,
};

/** Tables of an election besides its uploads; without faults, and no sets by themselves. */
const electionTables: Readonly<Record<string, DataSet>> = {
  "votes-stations": votesStations,
  "votes-raw": votesRaw,
};

/** The data set of that name; an InputError that lists the known ones otherwise. */
export function dataSet(name: string): DataSet {
  const found = dataSets[name] ?? electionTables[name];
  if (found !== undefined) return found;
  throw new InputError(
    `no data set is called "${name}": choose one of ${Object.keys(dataSets).join(", ")}`,
  );
}
