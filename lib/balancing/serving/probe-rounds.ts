/** Which check of each server is waited for: the answer of an earlier one says nothing any more. */
export class ProbeRounds {
  private readonly awaited = new Map<number, number>();

  ask(server: number, requestId: number): void {
    this.awaited.set(server, requestId);
  }

  isAwaited(server: number, requestId: number): boolean {
    return this.awaited.get(server) === requestId;
  }

  end(server: number): void {
    this.awaited.delete(server);
  }
}
