/** One line at the foot of a terminal that tells how far each running notebook is. */
export class StatusLine {
  private readonly running = new Map<string, string>();

  constructor(private readonly stream: NodeJS.WriteStream = process.stderr) {}

  update(name: string, done: number, total: number): void {
    if (done < total) this.running.set(name, `${name}: cell ${done} of ${total}`);
    else this.running.delete(name);
    this.draw();
  }

  /** Prints a result above the line. */
  print(name: string, text: string): void {
    this.running.delete(name);
    if (this.stream.isTTY) this.stream.write("\r\x1b[K");
    console.log(text);
    this.draw();
  }

  private draw(): void {
    if (!this.stream.isTTY) return;
    const line = [...this.running.values()].join(" · ");
    this.stream.write(`\r\x1b[K${line.slice(0, (this.stream.columns ?? 80) - 1)}`);
  }
}
