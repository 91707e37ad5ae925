/** Extra votes in every machine of a centre are no accident of one machine: the centre is named. */
import type { VotesRow } from "../../../generators/votes";
import type { Finding } from "./findings";

/**
 * The findings with "extra-votes" of a centre put together to one "lying-centre", where every one
 * of its uploads with a fitting checksum has them. `rows`: all uploads of the constituency.
 */
export function nameLyingCentres(
  findings: readonly Finding[],
  rows: readonly VotesRow[],
): Finding[] {
  const tampered = new Set(findings.filter(isOf("tampered")).map(({ upload }) => upload));
  const extra = findings.filter(isOf("extra-votes"));
  const withExtra = new Set(extra.map(({ upload }) => upload));
  const honest = new Set(
    rows
      .filter(({ upload }) => !withExtra.has(upload) && !tampered.has(upload))
      .map(({ centre }) => centre),
  );
  const centres = extra.map(({ centre }) => centre);
  const lying = new Set(centres.filter((centre) => centre !== "" && !honest.has(centre)));
  const others = findings.filter((one) => !(isOf("extra-votes")(one) && lying.has(one.centre)));
  return [...others, ...[...lying].sort().map((centre) => ofCentre(centre, extra))];
}

function isOf(kind: Finding["kind"]): (finding: Finding) => boolean {
  return (finding) => finding.kind === kind;
}

function ofCentre(centre: string, extra: readonly Finding[]): Finding {
  const own = extra.filter((finding) => finding.centre === centre);
  const votes = own.reduce((sum, { figures }) => sum + figures.total - figures.form17c, 0);
  const { constituency } = own[0];
  const figures = { machines: own.length, votes };
  const whole = { station: -1, machine: "", upload: "" };
  return { kind: "lying-centre", constituency, centre, ...whole, figures };
}
