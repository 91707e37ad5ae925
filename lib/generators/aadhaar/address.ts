/** Where a person lives and was enrolled: district in census proportion, then made up. */
import type { Random } from "../../basics";
import { AliasTable } from "../alias-table";
import { districts } from "../india/districts";
import { states } from "../india/states";

const districtTable = new AliasTable(districts.map((district) => district.population));

/** A district, as an index into `districts`, by its share of the population of 2011. */
export function drawDistrict(random: Random): number {
  return districtTable.draw(random);
}

/** Names that streets and quarters have all over India. */
export const localities: readonly string[] = [
  ...["Gandhi Nagar", "Nehru Nagar", "Station Road", "Main Road", "Shivaji Nagar", "MG Road"],
  ...[
    "Subhash Nagar",
    "Ambedkar Nagar",
    "Indira Colony",
    "Patel Nagar",
    "Bazar Road",
    "Civil Lines",
  ],
  ...["Temple Street", "Old Town", "New Colony", "Ram Nagar", "Krishna Nagar", "Lake View Road"],
  ...["Mill Road", "School Street", "Market Yard", "Azad Nagar", "Tilak Road", "Vivekananda Road"],
  ...["Hospital Road", "Ward 1", "Ward 2", "Ward 3", "Ward 4", "Ward 5", "Ward 6", "Ward 7"],
];

export const maxHouse = 999;

/** A postal code of six digits within the state's range; not a real post office. */
export function drawPin(state: number, random: Random): number {
  const [first, last] = states[state].pinCodes;
  return (first + random.below(last - first + 1)) * 1_000 + 1 + random.below(120);
}

/** Enrolment centres: one for 50,000 inhabitants. */
export const centresByDistrict: readonly number[] = districts.map((district) =>
  Math.ceil(district.population / 50_000),
);
export const operatorsPerCentre = 4;
