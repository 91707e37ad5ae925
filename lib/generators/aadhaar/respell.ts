/** The ways in which one name is written at two counters. */
import type { Random } from "../../basics";

/** Sounds with more than one usual spelling in Latin letters. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/th/, "t"],
  [/sh/, "s"],
  [/ee/, "i"],
  [/oo/, "u"],
  [/aa/, "a"],
  [/v/, "w"],
  [/w/, "v"],
  [/ph/, "f"],
  [/y\b/, "i"],
  [/i\b/, "ee"],
  [/a\b/, ""],
  [/([a-z])\1/, "$1"],
  [/dh/, "d"],
  [/bh/, "b"],
  [/kh/, "k"],
  [/n/, "nn"],
];

/**
 * The name as somebody else may write it: another spelling, an initial, the order turned; one in
 * five is written the same.
 */
export function respell(name: string, random: Random): string {
  const draw = random.next();
  const [given = "", family = ""] = name.split(" ");
  if (draw < 0.2) return name;
  if (draw < 0.3) return `${given.slice(0, 1)} ${family}`;
  if (draw < 0.4) return `${family} ${given}`;
  const usable = spellings.filter(([sound]) => sound.test(name));
  if (usable.length === 0) return `${family} ${given}`;
  const [sound, other] = random.pick(usable);
  return name.replace(sound, other);
}
