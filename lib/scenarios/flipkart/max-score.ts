/**
 * The best documents of a shard without scoring all that match: words whose documents cannot reach
 * the head by these words alone are only looked up, not read through.
 *
 * Source: H. Turtle and J. Flood, "Query evaluation: strategies and optimizations", Information
 * Processing and Management 31(6), 1995, section 4.2 (max-score). Ours adds the signals, which are
 * known for each document before its words are.
 * Guarantees: the head of the whole sort, equal scores by the smaller product number.
 * Cost: the postings of the rare words, and log n a look-up in the lists of the frequent ones.
 */
import { Heap } from "../../basics";
import type { Scored, ShardScorer, Term } from "./shard-scorer";

/** Sums in another order differ in their last bits; a bound must not be below what it bounds. */
const slack = 1 + 1e-9;

export interface Head {
  /** From the best on. */
  readonly scored: readonly Scored[];
  /** Postings whose points were computed. */
  readonly postingsRead: number;
}

export function headByMaxScore(scorer: ShardScorer, terms: readonly Term[], count: number): Head {
  const search = new MaxScore(scorer, terms, count);
  if (count > 0) search.run();
  return search.head();
}

class MaxScore {
  /** Terms by the most that they give, ascending; `order`: their places in the query. */
  private readonly order: readonly number[];
  private readonly most: readonly number[];
  /** The most that the first i terms in that order give together. */
  private readonly mostBefore: readonly number[];
  private readonly next: Uint32Array;
  private readonly heap = new Heap<Scored>((left, right) => {
    return left.score - right.score || right.document - left.document;
  });
  private readonly points: Float64Array;
  private firstEssential = 0;
  private postingsRead = 0;

  constructor(
    private readonly scorer: ShardScorer,
    private readonly terms: readonly Term[],
    private readonly count: number,
  ) {
    this.most = terms.map((term) => scorer.mostPoints(term));
    const mostOf = (term: number): number => this.most[term] as number;
    this.order = [...terms.keys()].sort((left, right) => mostOf(left) - mostOf(right));
    const sums = [0];
    for (const term of this.order) sums.push((sums.at(-1) as number) + mostOf(term));
    this.mostBefore = sums;
    this.next = new Uint32Array(terms.length);
    this.points = new Float64Array(terms.length);
  }

  run(): void {
    for (let document = this.nextDocument(); document >= 0; document = this.nextDocument()) {
      this.visit(document);
    }
  }

  head(): Head {
    const scored: Scored[] = [];
    for (let last = this.heap.pop(); last !== undefined; last = this.heap.pop()) scored.push(last);
    return { scored: scored.reverse(), postingsRead: this.postingsRead };
  }

  /** The first document of the essential lists that was not visited; -1 at their end. */
  private nextDocument(): number {
    let first = Infinity;
    for (let i = this.firstEssential; i < this.order.length; i++) {
      const term = this.order[i] as number;
      const document = (this.terms[term] as Term).list.documents[this.next[term] as number];
      if (document !== undefined && document < first) first = document;
    }
    return first === Infinity ? -1 : first;
  }

  private visit(document: number): void {
    const { order, points } = this;
    points.fill(0);
    let sum = 0;
    for (let i = order.length - 1; i >= 0; i--) {
      const term = order[i] as number;
      const bound = this.scorer.addSignals(sum + (this.mostBefore[i + 1] as number), document);
      const isHopeless = this.isFull() && bound * slack < this.threshold();
      if (i < this.firstEssential && isHopeless) return;
      if (i < this.firstEssential) this.seek(term, document);
      points[term] = this.take(term, document);
      sum += points[term] as number;
    }
    this.offer(document);
  }

  /** Goes on in a list to the document, or to the first one after it, by halving. */
  private seek(term: number, document: number): void {
    const { documents } = (this.terms[term] as Term).list;
    let [first, last] = [this.next[term] as number, documents.length];
    while (first < last) {
      const middle = (first + last) >> 1;
      if ((documents[middle] as number) < document) first = middle + 1;
      else last = middle;
    }
    this.next[term] = first;
  }

  /** The points of the word, if the next document of its list is this one, which is passed. */
  private take(term: number, document: number): number {
    const { list } = this.terms[term] as Term;
    const index = this.next[term] as number;
    if (list.documents[index] !== document) return 0;
    this.next[term] = index + 1;
    this.postingsRead++;
    return this.scorer.points(this.terms[term] as Term, index);
  }

  private offer(document: number): void {
    const sum = this.points.reduce((total, points) => total + points, 0);
    const score = this.scorer.addSignals(sum, document);
    // Documents come in ascending order: of equal ones the earlier stays.
    if (this.isFull() && score <= this.threshold()) return;
    if (this.isFull()) this.heap.pop();
    this.heap.push({ document, score });
    if (this.isFull()) this.demote();
  }

  /** Words that with all lesser ones and the best signals stay below the head's last. */
  private demote(): void {
    const { scorer, order, mostBefore } = this;
    const reach = (terms: number): number =>
      ((mostBefore[terms] as number) + scorer.bestSignals) * slack;
    while (this.firstEssential < order.length && reach(this.firstEssential + 1) < this.threshold())
      this.firstEssential++;
  }

  private isFull(): boolean {
    return this.heap.size === this.count;
  }

  private threshold(): number {
    return (this.heap.peek() as Scored).score;
  }
}
