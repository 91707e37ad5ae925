/** What the catalogue is made of. Brands are invented, and most words of the descriptions. */

export interface Category {
  readonly name: string;
  /** What the product is called in its title. */
  readonly nouns: readonly string[];
  readonly kinds: readonly string[];
  /** Words that its descriptions are fond of. */
  readonly words: readonly string[];
  readonly medianPrice: number;
  /** Share of the catalogue, in parts. */
  readonly weight: number;
}

function category(
  name: string,
  [medianPrice, weight]: readonly [number, number],
  [nouns, kinds, words]: readonly [string, string, string],
): Category {
  const list = (text: string): string[] => text.split(" ");
  return { name, medianPrice, weight, nouns: list(nouns), kinds: list(kinds), words: list(words) };
}

export const categories: readonly Category[] = [
  category(
    "mobiles",
    [14_000, 14],
    [
      "smartphone phone mobile",
      "5g 4g dual slim pro lite",
      "camera battery display sim ram charger",
    ],
  ),
  category(
    "audio",
    [1_500, 10],
    [
      "headphones earbuds speaker",
      "wireless bluetooth wired bass",
      "sound battery mic noise charging",
    ],
  ),
  category(
    "laptops",
    [48_000, 5],
    [
      "laptop notebook",
      "gaming thin business student",
      "processor ram ssd keyboard display graphics",
    ],
  ),
  category(
    "women",
    [900, 20],
    [
      "saree kurta dress dupatta",
      "cotton silk printed embroidered",
      "fabric festive blouse wash border",
    ],
  ),
  category(
    "men",
    [700, 18],
    [
      "shirt kurta jeans jacket",
      "cotton slim formal casual denim",
      "fabric fit collar sleeve wash",
    ],
  ),
  category(
    "footwear",
    [1_100, 9],
    [
      "shoes sandals chappals juttis",
      "running leather casual sports",
      "sole grip cushion size laces",
    ],
  ),
  category(
    "kitchen",
    [1_300, 10],
    [
      "cooker kadhai mixer tawa",
      "steel nonstick induction copper",
      "litre handle lid gas jars whistle",
    ],
  ),
  category(
    "books",
    [350, 8],
    [
      "novel guide textbook comic",
      "hindi english tamil illustrated",
      "author edition pages exam story",
    ],
  ),
  category(
    "toys",
    [600, 6],
    [
      "puzzle blocks doll cricket-bat",
      "wooden educational soft outdoor",
      "children age gift pieces play",
    ],
  ),
];

export const brands: readonly string[] = (
  "Nilgiri Sahyadri Kaveri Indus Malabar Deccan Aravali Godavari Konark Hampi Sundarban Thar " +
  "Chambal Narmada Vindhya Satpura Lohit Zanskar Pamba Mandovi"
).split(" ");

export const colours: readonly string[] =
  "black white blue red green grey yellow pink maroon orange purple golden".split(" ");

/** The most frequent words of descriptions, in that order; the rest follow, made of syllables. */
const frequent: readonly string[] = (
  "the and with for of in to is this a your it you from on are can best has not all use quality " +
  "easy new crafted home design warranty light comfortable perfect daily year india gift material " +
  "size delivery durable look style family small large premium pack value original strong day"
).split(" ");

const onsets = "k t p b m n s r l v d j ch sh g".split(" ");
const vowels = "a i u e o aa ee ai".split(" ");

/** Word `rank` (0 is the most frequent) of the language of the descriptions. */
export function wordOf(rank: number): string {
  if (rank < frequent.length) return frequent[rank] as string;
  let [left, word] = [rank - frequent.length + onsets.length * vowels.length, ""];
  while (left > 0) {
    const syllable = left % (onsets.length * vowels.length);
    const onset = onsets[syllable % onsets.length] as string;
    word += onset + (vowels[Math.floor(syllable / onsets.length)] as string);
    left = Math.floor(left / (onsets.length * vowels.length));
  }
  return word;
}

/** Words of the language. */
export const lexiconWords = 8_000;
