/**
 * Station codes of Indian Railways and the part of the country in which each lies (our division,
 * not the railway's zones). From memory, not checked against a list.
 */
export const regions = ["north", "south", "east", "west", "central", "northeast"] as const;
export type Region = (typeof regions)[number];

const codesByRegion: Record<Region, string> = {
  north: "NDLS NZM DLI ANVT LKO CNB PRYJ BSB UMB LDH ASR JAT DDN HW JP JU BKN KOTA AGC GKP MB",
  south: "MAS MS SBC YPR TVC ERS CLT CBE MDU TPJ SA MAQ MYS SC HYB BZA VSKP TPTY GTL RU KPD",
  east: "HWH SDAH KOAA PNBE RNC TATA BBS CTC GAYA DHN ASN MFP DBG KGP",
  west: "MMCT BDTS CSMT LTT PUNE ADI ST BRC RJT SUR KOP MAO NK BSL",
  central: "BPL ET JBP NGP GWL UJN INDB R BSP KTE",
  northeast: "GHY NJP DBRG KIR SCL",
};

/** Every station code, in a fixed order; its place here is its number in columns. */
export const stations: readonly string[] = regions.flatMap((region) =>
  codesByRegion[region].split(" "),
);

/** The region of each station, as an index into `regions`. */
export const stationRegions: readonly number[] = regions.flatMap((region, index) =>
  codesByRegion[region].split(" ").map(() => index),
);
