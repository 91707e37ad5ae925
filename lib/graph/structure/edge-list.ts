/**
 * Reads edge lists as text: a line an edge, "source target" or "source target weight",
 * parted by spaces, tabs, commas or semicolons; lines that begin with # or % are comments.
 *
 * Source: the format of SNAP (Stanford) and of Matrix Market's body; ours numbers vertices from 0,
 * or takes names.
 * Cost: one pass; memory is that of the edges.
 */
import { closeSync, openSync, readSync } from "fs";
import { InputError } from "../../basics";
import { buildGraph } from "./build-graph";
import type { BuildOptions } from "./build-graph";
import type { CsrGraph } from "./csr-graph";
import { EdgeGrowth } from "./edge-growth";

export interface EdgeListOptions extends BuildOptions {
  /** Whether a third column, a number from 0 on, is the weight. Default false: it is ignored. */
  readonly isWeighted?: boolean;
  /** Vertices have names: any text without separators, numbered as they come. Default false. */
  readonly isNamed?: boolean;
}

export interface EdgeListGraph {
  readonly graph: CsrGraph;
  /** By vertex; empty unless `isNamed`. */
  readonly names: readonly string[];
}

/** Throws an InputError with file and line for a line that is no edge. */
export function readEdgeList(file: string, options: EdgeListOptions = {}): EdgeListGraph {
  const parser = new EdgeLines(file, options);
  for (const line of linesOf(file)) parser.take(line);
  return parser.finish();
}

/** As `readEdgeList`, of a text at hand; errors call it "the text". */
export function parseEdgeList(text: string, options: EdgeListOptions = {}): EdgeListGraph {
  const parser = new EdgeLines("the text", options);
  for (const line of text.split("\n")) parser.take(line);
  return parser.finish();
}

class EdgeLines {
  private line = 0;
  private readonly edges: EdgeGrowth;
  private readonly numbers = new Map<string, number>();

  constructor(
    private readonly file: string,
    private readonly options: EdgeListOptions,
  ) {
    this.edges = new EdgeGrowth(1_024, options.isWeighted);
  }

  take(text: string): void {
    this.line++;
    const trimmed = text.trim();
    if (trimmed === "" || trimmed[0] === "#" || trimmed[0] === "%") return;
    const words = trimmed.split(/[\s,;]+/);
    const wanted = this.options.isWeighted === true ? 3 : 2;
    if (words.length < wanted) {
      const form = wanted === 3 ? "source, target and weight" : "source and target";
      throw this.error(`"${trimmed}" needs ${form}`);
    }
    const weight = wanted === 3 ? this.weightOf(words[2]) : 1;
    this.edges.add(this.vertexOf(words[0]), this.vertexOf(words[1]), weight);
  }

  finish(): EdgeListGraph {
    const names = [...this.numbers.keys()];
    return { graph: buildGraph(this.edges.edges, this.options), names };
  }

  private vertexOf(word: string): number {
    if (this.options.isNamed === true) return this.numberOf(word);
    const vertex = Number(word);
    const limit = this.options.vertices ?? 2 ** 31;
    if (/^\d+$/.test(word) && vertex < limit) return vertex;
    const told = this.options.vertices;
    if (told !== undefined) throw this.error(`vertex ${word} is not from 0 to ${told - 1}`);
    throw this.error(`"${word}" is no vertex: a whole number from 0 on (or set isNamed)`);
  }

  private numberOf(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.numbers.size);
    return this.numbers.size - 1;
  }

  private weightOf(word: string): number {
    const weight = Number(word);
    if (weight >= 0 && weight < Infinity) return weight;
    throw this.error(`"${word}" is no weight: a number from 0 on`);
  }

  private error(what: string): InputError {
    return new InputError(`${this.file}, line ${this.line}: ${what}.`);
  }
}

const blockBytes = 1 << 20;

/** The lines of a file, a block in memory at a time. */
function* linesOf(file: string): Generator<string> {
  const handle = open(file);
  const block = Buffer.alloc(blockBytes);
  const decoder = new TextDecoder();
  try {
    let rest = "";
    for (;;) {
      const read = readSync(handle, block, 0, blockBytes, null);
      if (read === 0) break;
      const lines = (rest + decoder.decode(block.subarray(0, read), { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield line;
    }
    if (rest !== "") yield rest;
  } finally {
    closeSync(handle);
  }
}

function open(file: string): number {
  try {
    return openSync(file, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new InputError(`${file} cannot be read (${code}): give the path of an edge list.`);
  }
}
