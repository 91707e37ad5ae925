/** `dabbawala count-votes`: counts an election, from the uploads of its machines to the nation. */
import type { Command } from "commander";
import { electionFiles } from "../generators";
import { countElection } from "../scenarios/eci";
import type { ElectionResult, Finding, SeatResult } from "../scenarios/eci";
import { interruptSignal, parseCount } from "./options";
import { progressBar } from "./progress-bar";

interface CountVotesOptions {
  seats: boolean;
  recounts: boolean;
  margin?: string;
  lotSeed: string;
  workers?: string;
}

export function register(program: Command): void {
  program
    .command("count-votes <folder>")
    .description("count the election of a folder, as `election` makes them, and say what is wrong")
    .option("--seats", "a line for every constituency, as JSON, and one for every finding", false)
    .option("--no-recounts", "do not go through the votes where a fault or the margin asks for it")
    .option("--margin <votes>", "recount margins up to that; default: the void postal covers")
    .option("--lot-seed <number>", "for ties, which are decided by lot", "1")
    .option("--workers <count>", "threads; default one a core")
    .action(countVotes);
}

async function countVotes(folder: string, options: CountVotesOptions): Promise<void> {
  const bar = progressBar("count");
  try {
    const result = await countElection(electionFiles(folder), {
      hasRecounts: options.recounts,
      marginVotes: countOf("--margin", options.margin),
      lotSeed: parseCount("--lot-seed", options.lotSeed),
      workers: countOf("--workers", options.workers),
      signal: interruptSignal(),
      onProgress: bar.onProgress,
    });
    bar.stop();
    if (options.seats) printLines(result);
    else printNation(result);
  } finally {
    bar.stop();
  }
}

function countOf(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseCount(name, text);
}

function printLines({ results, count }: ElectionResult): void {
  for (const line of [...results.map(seatLine), ...count.findings]) {
    process.stdout.write(JSON.stringify(line) + "\n");
  }
}

function seatLine(seat: SeatResult): object {
  const { constituency, candidates, decision, votes, nota, outstanding, reasons } = seat;
  const serials = decision.kind === "level" ? decision.serials : [decision.serial];
  const ahead = serials.map((serial) => candidates[serial - 1]);
  const isRecounted = seat.recount !== undefined;
  return { constituency, ...decision, ahead, votes, nota, outstanding, reasons, isRecounted };
}

function printNation({ nation, count, recounted, elapsedMs }: ElectionResult): void {
  const { parties, majority, winner, open, turnout, lots } = nation;
  for (const { party, seats, leads, share } of parties.slice(0, 10)) {
    const numbers = `${String(seats).padStart(4)} seats, ${leads} leads`;
    console.log(`${party.padEnd(28)} ${numbers}, ${(100 * share).toFixed(2)} % of votes`);
  }
  console.log(`majority ${majority}: ${winner ?? "nobody"}; ${open} seats open, ${lots} by lot`);
  console.log(`turnout ${(100 * turnout).toFixed(2)} %, NOTA ${nation.nota} of ${nation.counted}`);
  const kinds = [...kindCounts(count.findings)].map(([kind, times]) => `${kind} ${times}`);
  console.log(`findings: ${kinds.join(", ") || "none"}; ${recounted} seats recounted`);
  const lines = count.badLines === 0 ? "" : `, ${count.badLines} lines unreadable`;
  console.error(`${count.uploads} uploads in ${(elapsedMs / 1000).toFixed(1)} s${lines}`);
}

function kindCounts(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of findings) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
