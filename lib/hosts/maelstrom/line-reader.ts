/** Cuts a stream of bytes into lines, and skips a line that is too long to be a message. */
export class LineReader {
  private parts: string[] = [];
  private length = 0;
  private readonly decoder = new TextDecoder();

  /** `maxLength` in characters; of a longer line `onTooLong` hears once, when it ends. */
  constructor(
    private readonly onLine: (line: string) => void,
    private readonly onTooLong: () => void,
    private readonly maxLength = 16 * 2 ** 20,
  ) {}

  take(bytes: Uint8Array): void {
    const [first, ...others] = this.decoder.decode(bytes, { stream: true }).split("\n");
    this.append(first);
    for (const text of others) {
      this.end();
      this.append(text);
    }
  }

  /** What is left at the end of the stream is a line too. */
  end(): void {
    const { parts, length } = this;
    this.parts = [];
    this.length = 0;
    if (length > this.maxLength) return this.onTooLong();
    const line = parts.join("").trim();
    if (line !== "") this.onLine(line);
  }

  private append(text: string): void {
    this.length += text.length;
    if (this.length > this.maxLength) this.parts = [];
    else this.parts.push(text);
  }
}
