/**
 * Brings the sealed totals of its machines to the counting centres, and repeats them until each
 * comes back with a certificate; it believes the certificate and no centre.
 *
 * Source: M. Castro, B. Liskov, OSDI 1999, section 4.1 (clients repeat until enough replies match);
 * ours needs one reply, since a certificate holds 2f + 1 signatures.
 * Assumes: any loss, delay and duplication; a crash forgets certificates that were not saved.
 * Guarantees: a total that it calls standing has been signed by 2f + 1 centres.
 * Cost: n messages a machine, and n more every `retryMs` while it does not stand.
 */
import type { Event, Host, Node, NodeId } from "../../../protocol";
import type { AttestationMessage, AttestationTimer, Certificate, SealedTotal } from "./messages";
import { isWellFormed } from "./shapes";
import { isCertificate } from "./signatures";
import type { KeyBook } from "./signatures";

export interface PollingPartyOptions {
  readonly book: KeyBook;
  /** Of its machines. */
  readonly reports: readonly SealedTotal[];
  /** Until it repeats what does not stand, in ms. Default 300. */
  readonly retryMs: number;
}

export class PollingParty implements Node<AttestationMessage, AttestationTimer> {
  readonly options: PollingPartyOptions;
  readonly standing = new Map<string, Certificate>();

  constructor(
    readonly id: NodeId,
    readonly peers: readonly NodeId[],
    options: Partial<PollingPartyOptions> = {},
  ) {
    const book = { centres: {}, machines: {} };
    this.options = { book, reports: [], retryMs: 300, ...options };
  }

  handle(
    event: Event<AttestationMessage, AttestationTimer>,
    host: Host<AttestationMessage, AttestationTimer>,
  ): void {
    if (event.kind === "message") return this.hear(event.message, host);
    if (event.kind === "start") this.restore(event.saved);
    let isOpen = false;
    this.options.reports.forEach((sealed, requestId) => {
      if (this.standing.has(sealed.machine)) return;
      isOpen = true;
      for (const peer of this.peers) host.send(peer, { type: "report", requestId, sealed });
    });
    if (isOpen) host.setTimer("retry", this.options.retryMs);
  }

  private restore(saved: Readonly<Record<string, unknown>>): void {
    for (const [machine, certificate] of Object.entries(saved)) {
      this.standing.set(machine, certificate as Certificate);
    }
  }

  private hear(
    message: AttestationMessage,
    host: Host<AttestationMessage, AttestationTimer>,
  ): void {
    if (!isWellFormed(message) || message.type !== "received") return;
    const { machine, certificate } = message;
    if (certificate === undefined || this.standing.has(machine)) return;
    const isOfIt = certificate.machine === machine;
    if (!isOfIt || !isCertificate(this.options.book, certificate)) {
      return host.note("badCertificate", machine);
    }
    this.standing.set(machine, certificate);
    host.save(machine, certificate);
    host.note("stood", { machine, total: certificate.total });
  }
}
