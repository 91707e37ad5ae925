/** The messages to a partition, by vertex. */

/** Pairs of target and message, one after the other. */
export type Mail = ArrayLike<number>;

interface Part {
  readonly partition: number;
  readonly partitions: number;
  readonly values: { readonly length: number };
}

/** Messages to one vertex stay in the order of the bundles, and of each bundle. */
export function sortMail(bundles: readonly Mail[], part: Part): Inbox {
  const { partition, partitions } = part;
  const starts = new Uint32Array(part.values.length + 1);
  const placeOf = (target: number): number => (target - partition) / partitions;
  for (const mail of bundles) {
    for (let i = 0; i < mail.length; i += 2) starts[placeOf(mail[i]) + 1]++;
  }
  for (let i = 1; i < starts.length; i++) starts[i] += starts[i - 1];
  const messages = new Float64Array(starts[starts.length - 1]);
  const next = starts.slice();
  for (const mail of bundles) {
    for (let i = 0; i < mail.length; i += 2) messages[next[placeOf(mail[i])]++] = mail[i + 1];
  }
  return new Inbox(starts, messages);
}

const none: readonly number[] = [];

export class Inbox {
  constructor(
    private readonly starts: Uint32Array,
    private readonly messages: Float64Array,
  ) {}

  hasMail(place: number): boolean {
    return this.starts[place + 1] > this.starts[place];
  }

  /** A plain array, as programs of users take them. */
  messagesFor(place: number): readonly number[] {
    const [first, end] = [this.starts[place], this.starts[place + 1]];
    if (first === end) return none;
    const messages: number[] = [];
    for (let i = first; i < end; i++) messages.push(this.messages[i]);
    return messages;
  }
}
