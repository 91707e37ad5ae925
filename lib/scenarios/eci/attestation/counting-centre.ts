/**
 * One of 3f + 1 counting centres that attest the totals of machines for each other: a total stands
 * when 2f + 1 of them have signed it, and who signs what is not so is found and named.
 *
 * Source: the echo of G. Bracha, "Asynchronous Byzantine agreement protocols", 1987, section 3,
 * signed; ours keeps machines' seals and certificates too, and compares with a peer at a time.
 * Assumes: at most f centres lie; nobody has the key of an honest centre; any loss and delay.
 * Guarantees: two totals of a machine never both stand; none stands that its machine did not seal;
 * no honest centre is named; once messages arrive, true totals stand and those who signed two
 * things, or what the machine did not, are named by all. Who is only silent is not.
 * Cost: n^2 messages and n signatures a machine without loss; 2 signatures to check a message.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import { allAttestations, hashOf, isKnown, keep, keepSealed } from "./holdings";
import { matching, noHoldings } from "./holdings";
import type { Holdings } from "./holdings";
import { addsUp } from "./machine-total";
import type { Attestation, AttestationMessage, AttestationTimer } from "./messages";
import type { Certificate, Evidence, SealedTotal } from "./messages";
import { isWellFormed } from "./shapes";
import { attest, isAttested, isCertificate, isProven, isSealed, quorumOf } from "./signatures";
import type { KeyBook } from "./signatures";

export interface CentreOptions {
  /** Public keys of all centres and machines. */
  readonly book: KeyBook;
  /** Its own secret key by its name; those of others are not looked at. */
  readonly secretKeys: Readonly<Record<NodeId, string>>;
  /** Between two comparisons with a peer, in ms; 0: never. Default 200. */
  readonly syncMs: number;
}

export type CentreHost = Host<AttestationMessage, AttestationTimer>;

interface Asker {
  readonly from: NodeId;
  readonly requestId: number;
}

/** Machines whose attestations go into one message. */
const mostCopies = 50;

export class CountingCentre implements Node<AttestationMessage, AttestationTimer> {
  readonly options: CentreOptions;
  readonly machines = new Map<string, Holdings>();
  /** Its own word: one a machine, for ever. */
  readonly own = new Map<string, Attestation>();
  /** By machine: the total that stands, with what proves it. */
  readonly standing = new Map<string, Certificate>();
  /** Liars with the evidence: centres, and machines that sealed two totals. */
  readonly named = new Map<string, Evidence>();
  /** Who asked for a machine that does not stand yet. */
  private readonly waiting = new Map<string, Asker>();

  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[],
    options: Partial<CentreOptions> = {},
  ) {
    const book = { centres: {}, machines: {} };
    this.options = { book, secretKeys: {}, syncMs: 200, ...options };
  }

  handle(event: Event<AttestationMessage, AttestationTimer>, host: CentreHost): void {
    if (event.kind === "start") this.start(event.saved, host);
    else if (event.kind === "timer") this.compare(host);
    else if (isWellFormed(event.message)) this.hear(event.from, event.message, host);
    else host.note("malformed", event.from);
  }

  private start(saved: Readonly<Record<string, unknown>>, host: CentreHost): void {
    for (const [key, value] of Object.entries(saved)) {
      const [kind, name = ""] = splitOnce(key);
      if (kind === "own") this.remember(value as Attestation);
      if (kind === "stands") this.standing.set(name, value as Certificate);
      if (kind === "named") this.named.set(name, value as Evidence);
    }
    if (this.options.syncMs > 0) host.setTimer("sync", this.options.syncMs);
  }

  private remember(attestation: Attestation): void {
    const { machine } = attestation;
    this.own.set(machine, attestation);
    keepSealed(this.of(machine), attestation);
    const holdings = this.of(machine);
    if (!isKnown(holdings, attestation)) keep(holdings, { attestation, isCovered: true });
  }

  protected hear(from: NodeId, message: AttestationMessage, host: CentreHost): void {
    if (message.type === "report") this.onReport(from, message, host);
    else if (message.type === "attest") this.onAttestation(message.attestation, host);
    else if (message.type === "accuse") this.onEvidence(message.evidence, host);
    else if (message.type === "compare") this.answer(from, message, host);
    else if (message.type === "copies") {
      for (const attestation of message.attestations) this.onAttestation(attestation, host);
      for (const certificate of message.certificates) this.onCertificate(certificate, host);
      for (const evidence of message.evidence) this.onEvidence(evidence, host);
    }
  }

  private onReport(
    from: NodeId,
    { sealed, requestId }: AttestationMessage & { type: "report" },
    host: CentreHost,
  ): void {
    if (!this.learn(sealed, host)) return host.note("refused", sealed);
    if (requestId === undefined) return;
    const { machine } = sealed;
    const certificate = this.standing.get(machine);
    if (certificate === undefined) this.waiting.set(machine, { from, requestId });
    host.send(from, { type: "received", requestId, machine, ...(certificate && { certificate }) });
  }

  /** False for what the machine did not seal, and for what does not add up. */
  private learn(of: SealedTotal, host: CentreHost): boolean {
    if (this.machines.get(of.machine)?.sealed.some(({ total }) => total === of.total)) return true;
    if (!this.isCovered(of)) return false;
    const holdings = this.of(of.machine);
    if (!keepSealed(holdings, of)) return true;
    this.giveWord(of, host);
    const [first, second] = holdings.sealed;
    if (first !== undefined && second !== undefined) {
      this.name({ kind: "twoTotals", liar: of.machine, first, second }, host);
    }
    for (const attestation of allAttestations(holdings)) this.compareWithSeal(attestation, host);
    return true;
  }

  /** Signs the first total of a machine that it sees, and never another one. */
  protected giveWord(of: SealedTotal, host: CentreHost): void {
    if (this.own.has(of.machine)) return;
    const attestation = attest(this.id, of, this.options.secretKeys[this.id] ?? "");
    host.save(`own/${of.machine}`, attestation);
    this.remember(attestation);
    host.note("attested", { machine: of.machine, total: of.total });
    this.tell({ type: "attest", attestation }, host);
    this.decide(of.machine, of.total, host);
  }

  protected onAttestation(attestation: Attestation, host: CentreHost): void {
    const { centre, machine, total } = attestation;
    if (this.machines.has(machine) && isKnown(this.of(machine), attestation)) return;
    if (!this.isSigned(attestation)) return host.note("forged", { inTheNameOf: centre });
    const isCovered = this.isCovered(attestation);
    keep(this.of(machine), { attestation, isCovered });
    this.compareWithItself(attestation, host);
    if (isCovered) this.learn(attestation, host);
    else this.compareWithSeal(attestation, host);
    this.decide(machine, total, host);
  }

  /** Two totals of one centre: it has told others something else. */
  protected compareWithItself({ centre, machine }: Attestation, host: CentreHost): void {
    const [first, second] = this.of(machine).attested.get(centre) ?? [];
    if (first === undefined || second === undefined) return;
    const pair = { first: first.attestation, second: second.attestation };
    this.name({ kind: "equivocation", liar: centre, ...pair }, host);
  }

  private compareWithSeal(attested: Attestation, host: CentreHost): void {
    const { centre, machine } = attested;
    const [sealed] = this.of(machine).sealed;
    if (sealed === undefined || isSealed(this.options.book, attested)) return;
    this.name({ kind: "falseTotal", liar: centre, attested, sealed }, host);
  }

  protected decide(machine: string, total: string, host: CentreHost): void {
    if (this.standing.has(machine)) return;
    const attestations = this.votesFor(machine, total);
    if (attestations.length < this.needed) return;
    this.stand({ machine, total, attestations }, host);
  }

  private onCertificate(certificate: Certificate, host: CentreHost): void {
    if (this.standing.has(certificate.machine)) return;
    if (!this.isProof(certificate)) return host.note("badCertificate", certificate.machine);
    this.stand(certificate, host);
  }

  private stand(certificate: Certificate, host: CentreHost): void {
    const { machine, total } = certificate;
    this.standing.set(machine, certificate);
    host.save(`stands/${machine}`, certificate);
    host.note("stands", { machine, total });
    const asker = this.waiting.get(machine);
    this.waiting.delete(machine);
    if (asker === undefined) return;
    const { from, requestId } = asker;
    host.send(from, { type: "received", requestId, machine, certificate });
  }

  private onEvidence(evidence: Evidence, host: CentreHost): void {
    if (this.named.has(evidence.liar)) return;
    if (!this.isProof(evidence)) return host.note("slander", { of: evidence.liar });
    this.name(evidence, host);
  }

  protected name(evidence: Evidence, host: CentreHost): void {
    const { liar, kind } = evidence;
    if (this.named.has(liar)) return;
    this.named.set(liar, evidence);
    host.save(`named/${liar}`, evidence);
    host.note("named", { liar, kind });
    this.tell({ type: "accuse", evidence }, host);
  }

  /** Asks one peer for what it has and this one has not. */
  private compare(host: CentreHost): void {
    host.setTimer("sync", this.options.syncMs);
    const peer = this.peers[Math.floor(host.random() * this.peers.length)];
    if (peer === undefined) return;
    const held = Object.fromEntries([...this.machines.keys()].map((of) => [of, this.hash(of)]));
    host.send(peer, { type: "compare", held, named: [...this.named.keys()] });
  }

  private answer(
    from: NodeId,
    { held, named }: Pick<AttestationMessage & { type: "compare" }, "held" | "named">,
    host: CentreHost,
  ): void {
    const differ = [...this.machines.keys()].filter((of) => held[of] !== this.hash(of));
    const machines = differ.slice(0, mostCopies);
    const attestations = machines.flatMap((of) => allAttestations(this.of(of)));
    const certificates = machines.flatMap((of) => this.standing.get(of) ?? []);
    const evidence = [...this.named].flatMap(([liar, of]) => (named.includes(liar) ? [] : [of]));
    if (attestations.length + certificates.length + evidence.length === 0) return;
    host.send(from, { type: "copies", attestations, certificates, evidence });
  }

  private hash(machine: string): string {
    const standing = this.standing.get(machine)?.total;
    return hashOf(this.of(machine), { named: this.named, standing });
  }

  protected tell(message: AttestationMessage, host: CentreHost): void {
    for (const peer of this.peers) host.send(peer, message);
  }

  protected of(machine: string): Holdings {
    const known = this.machines.get(machine) ?? noHoldings();
    this.machines.set(machine, known);
    return known;
  }

  /** Attestations that have to match for a total to stand. */
  protected get needed(): number {
    return quorumOf(this.options.book).matching;
  }

  protected votesFor(machine: string, total: string): readonly Attestation[] {
    return matching(this.of(machine), total);
  }

  /** Whether the machine vouches for it. */
  protected isCovered(of: SealedTotal): boolean {
    return isSealed(this.options.book, of) && addsUp(of.total, of.machine);
  }

  protected isSigned(attestation: Attestation): boolean {
    return isAttested(this.options.book, attestation);
  }

  protected isProof(of: Evidence | Certificate): boolean {
    const { book } = this.options;
    return "kind" in of ? isProven(book, of) : isCertificate(book, of);
  }
}

function splitOnce(key: string): [string, string] {
  const at = key.indexOf("/");
  return [key.slice(0, at), key.slice(at + 1)];
}
