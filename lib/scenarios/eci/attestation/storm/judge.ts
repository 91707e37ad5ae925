/** What is right and wrong of a group of centres, some of which lie. */
import type { GroupJudge, GroupView, SimulatedNote, StormFailure } from "../../../../hosts";
import type { NodeId } from "../../../../protocol";
import type { CountingCentre } from "../counting-centre";
import type { AttestationMessage, AttestationTimer, Certificate } from "../messages";
import { quorumOf } from "../signatures";
import type { Lie } from "../lies";
import type { AttestationStormPlan, StormTotals } from "./plan";

/** Lies that a centre signs; the others leave nothing that could be held against it. */
const signedLies: readonly Lie[] = ["falseTotal", "equivocate"];

export class AttestationJudge implements GroupJudge<
  CountingCentre,
  AttestationMessage,
  AttestationTimer
> {
  private readonly standing = new Map<string, string>();
  /** By centre and machine. */
  private readonly words = new Map<string, string>();
  private readonly truth: ReadonlyMap<string, string>;
  private readonly stolen: ReadonlySet<string>;

  constructor(
    private readonly plan: AttestationStormPlan,
    private readonly totals: StormTotals,
  ) {
    this.truth = new Map(totals.true.map(({ machine, total }) => [machine, total]));
    this.stolen = new Set(totals.stolen.map(({ machine }) => machine));
  }

  onNote(note: SimulatedNote, view: GroupView<CountingCentre>): StormFailure | undefined {
    if (!this.isHonest(note.node)) return undefined;
    if (note.label === "named") return this.onNamed(note);
    const detail = note.detail as Pick<Certificate, "machine" | "total">;
    if (note.label === "attested") return this.onWord(note.node, detail);
    if (note.label !== "stands") return undefined;
    const certificate = view.nodeOf(note.node)?.standing.get(detail.machine);
    return this.onStanding(note.node, certificate);
  }

  private isHonest(id: NodeId): boolean {
    return this.plan.lies[id] === undefined;
  }

  private onNamed({ node, detail }: SimulatedNote): StormFailure | undefined {
    const { liar, kind } = detail as { liar: string; kind: string };
    if (this.plan.lies[liar] !== undefined || this.stolen.has(liar)) return undefined;
    return { property: "honestNamed", detail: `${node} names ${liar}, which is honest: ${kind}` };
  }

  private onWord(
    node: NodeId,
    { machine, total }: Pick<Certificate, "machine" | "total">,
  ): StormFailure | undefined {
    const before = this.words.get(`${node} ${machine}`);
    this.words.set(`${node} ${machine}`, total);
    if (before === undefined || before === total) return undefined;
    return { property: "twoWords", detail: `${node} attested ${before}, and then ${total}` };
  }

  private onStanding(node: NodeId, certificate?: Certificate): StormFailure | undefined {
    if (certificate === undefined) return { property: "noCertificate", detail: `at ${node}` };
    const { machine, total, attestations } = certificate;
    const other = this.standing.get(machine);
    this.standing.set(machine, total);
    if (other !== undefined && other !== total) {
      return { property: "agreement", detail: `${other} stands, and at ${node} ${total}` };
    }
    if (!this.stolen.has(machine) && this.truth.get(machine) !== total) {
      return { property: "validity", detail: `at ${node} stands ${total}, which was not sealed` };
    }
    const signers = new Set(attestations.map(({ centre }) => centre)).size;
    const { matching } = quorumOf(this.totals.options.book);
    if (signers >= matching) return undefined;
    return { property: "quorum", detail: `${total} stands at ${node} by ${signers} signers` };
  }

  /** All true totals stand, the same stands everywhere, and who signed a lie is named. */
  unsettled(view: GroupView<CountingCentre>): StormFailure | undefined {
    const centres = view.core.filter((id) => this.isHonest(id)).map((id) => view.nodeOf(id));
    if (centres.some((centre) => centre === undefined)) {
      return { property: "progress", detail: "somebody is down" };
    }
    const honest = centres as CountingCentre[];
    return this.missing(honest) ?? this.unnamed(honest, view);
  }

  /** What only liars were told need not stand: their word without the machine's is no total. */
  private missing(honest: readonly CountingCentre[]): StormFailure | undefined {
    const known = new Set(honest.flatMap(({ machines }) => sealedOf(machines)));
    const due = [...known].filter((machine) => !this.stolen.has(machine));
    const all = new Set([...due, ...honest.flatMap(({ standing }) => [...standing.keys()])]);
    for (const machine of all) {
      const waiting = honest.find(({ standing }) => !standing.has(machine));
      if (waiting === undefined) continue;
      return { property: "liveness", detail: `${machine} does not stand at ${waiting.id}` };
    }
    return undefined;
  }

  private unnamed(
    honest: readonly CountingCentre[],
    view: GroupView<CountingCentre>,
  ): StormFailure | undefined {
    const liars = view.core.filter((id) => {
      const signed = (this.plan.lies[id] ?? []).some((lie) => signedLies.includes(lie));
      return signed && (view.nodeOf(id)?.own.size ?? 0) > 0;
    });
    const thieves = [...this.stolen].filter((machine) => {
      const words = honest.flatMap(({ own }) => own.get(machine)?.total ?? []);
      return new Set(words).size > 1;
    });
    for (const liar of [...liars, ...thieves]) {
      const blind = honest.find(({ named }) => !named.has(liar));
      if (blind !== undefined) {
        return { property: "completeness", detail: `${blind.id} has not named ${liar}` };
      }
    }
    return undefined;
  }
}

function sealedOf(machines: CountingCentre["machines"]): string[] {
  return [...machines].flatMap(([machine, { sealed }]) => (sealed.length > 0 ? [machine] : []));
}
