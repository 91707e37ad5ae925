/**
 * The rules that Chord's promises rest on, each on its own, so that a test or a notebook can
 * replace one and see what breaks: `chordWith({ ... })`.
 */

export interface ChordRules {
  /**
   * Zave 2017: a joining node is a member once it has its successor's list; as published it has
   * the successor alone until its first stabilisation.
   */
  readonly joinsWithList: boolean;
  /**
   * Zave 2017: nobody becomes the successor who has not answered, and then with its list; as
   * published it takes the place of the first of the list.
   */
  readonly asksBeforeAdopting: boolean;
  /** Section IV.E.3: a successor's list is copied at each stabilisation. */
  readonly copiesLists: boolean;
  /** Section IV.E.1: a predecessor that does not answer is forgotten. */
  readonly checksPredecessor: boolean;
  /** A block is acknowledged when its copies are made. */
  readonly waitsForCopies: boolean;
  /** Copies are compared with successors now and then, and with a new predecessor. */
  readonly repairsCopies: boolean;
}

export const chordRules: ChordRules = {
  joinsWithList: true,
  asksBeforeAdopting: true,
  copiesLists: true,
  checksPredecessor: true,
  waitsForCopies: true,
  repairsCopies: true,
};

/** Stoica et al. as published: what Zave found missing is missing. */
export const originalRules: Partial<ChordRules> = {
  joinsWithList: false,
  asksBeforeAdopting: false,
};
