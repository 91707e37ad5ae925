/**
 * The votes themselves, one a row, as the paper slips beside every machine show them: what an
 * honest count of all uploads must come to, and what a recount goes through.
 */
import { Random } from "../../basics";
import { jsonLines } from "../data-set";
import type { DataSet, Spec } from "../data-set";
import { mostCandidates } from "./ballots";
import { constituencies } from "./constituencies";
import { mostElectors, Upload } from "./upload";
import type { Election } from "./upload";
import { electionOf } from "./block";

/** Uploads of a block: about 3 MB of votes. The data do not depend on it. */
const blockUploads = 256;
/** Streams of random numbers behind those of the seats. */
const slipStream = 3_000_000_000;
const newline = 10;

/** "1" to "24", and "NOTA" in the place behind the candidates. */
const serials = Array.from({ length: mostCandidates }, (_, at) => Buffer.from(`${at + 1}\n`));
const nota = Buffer.from("NOTA\n");

/** A vote: its machine ("" for a postal ballot), and a candidate's serial, or "NOTA". */
interface RawVote {
  readonly machine: string;
  readonly constituency: string;
  readonly choice: string;
}

/**
 * `rows` of the specification are uploads: the election's votes are some 560 times as many. The
 * order within a machine is mixed, so that it tells nothing about who came when.
 */
export const votesRaw: DataSet = {
  name: "votes-raw",
  csvHeader: "machine,constituency,choice\n",
  columnTypes: () => ({}),
  blockCount: ({ rows }) => Math.ceil(rows / blockUploads),
  encode({ rows, seed }, block, format) {
    const spec = { rows, seed };
    const first = block * blockUploads;
    const end = Math.min(rows, first + blockUploads);
    const slips = new Slips(spec);
    const parts: Buffer[] = [];
    for (let row = first; row < end; row++) parts.push(slips.of(row));
    const bytes = Buffer.concat(parts);
    return { rows: end - first, bytes: format === "csv" ? bytes : asJson(bytes), truth: "" };
  },
};

class Slips {
  private readonly election: Election;
  private readonly upload = new Upload();
  private readonly random = new Random(0);
  private choices = new Uint8Array(2 * mostElectors);
  private draws = new Uint32Array(2 * mostElectors);

  constructor(private readonly spec: Spec) {
    this.election = electionOf(spec);
  }

  /** The lines of one upload's votes. */
  of(row: number): Buffer {
    const { upload } = this;
    this.election.fill(row, upload);
    upload.firstVote = 0;
    this.list();
    this.mix(row);
    const machine = upload.machine < 0 ? "" : `CU${String(upload.machine + 1).padStart(8, "0")}`;
    return this.lines(Buffer.from(`${machine},${constituencies[upload.constituency].code},`));
  }

  /** The choices of all votes, candidate by candidate. */
  private list(): void {
    const { upload } = this;
    if (this.choices.length < upload.total) {
      this.choices = new Uint8Array(upload.total);
      this.draws = new Uint32Array(upload.total);
    }
    let at = 0;
    for (let i = 0; i < upload.candidates; i++) {
      this.choices.fill(i, at, at + upload.votes[i]);
      at += upload.votes[i];
    }
    this.choices.fill(mostCandidates, at, upload.total);
  }

  /** Fisher and Yates. */
  private mix(row: number): void {
    const { choices, random } = this;
    const draws = this.draws.subarray(0, this.upload.total);
    random.restart(this.spec.seed, slipStream + row);
    random.fill(draws);
    for (let i = draws.length - 1; i > 0; i--) {
      const j = Math.floor((draws[i] / 0x1_0000_0000) * (i + 1));
      const held = choices[i];
      choices[i] = choices[j];
      choices[j] = held;
    }
  }

  private lines(head: Buffer): Buffer {
    const { total } = this.upload;
    const bytes = Buffer.allocUnsafe(total * (head.length + nota.length));
    let at = 0;
    for (let vote = 0; vote < total; vote++) {
      for (let i = 0; i < head.length; i++) bytes[at++] = head[i];
      const choice = this.choices[vote];
      const text = choice === mostCandidates ? nota : serials[choice];
      for (let i = 0; i < text.length; i++) bytes[at++] = text[i];
    }
    return bytes.subarray(0, at);
  }
}

function asJson(csv: Buffer): Uint8Array {
  const lines = csv.toString("latin1").slice(0, -1).split(String.fromCharCode(newline));
  return jsonLines(lines.length, (at): RawVote => {
    const [machine, constituency, choice] = lines[at].split(",");
    return { machine, constituency, choice };
  });
}
