/** The end of a storm as a space-time diagram. */
import type { StormDefinition } from "../hosts";
import type { Trace } from "../protocol";

/** More messages than this in one picture cannot be read. */
const maxMessages = 150;

/** As SVG; the title says which storm it was. */
export async function stormPicture(
  definition: StormDefinition,
  trace: Trace,
  title: string,
): Promise<string> {
  const { spaceTime } = await import("../figures");
  const fromMs = startOfPicture(trace);
  const caption = `From ${fromMs.toFixed(1)} ms to the end: the last ${maxMessages} messages.`;
  const label = definition.label?.bind(definition);
  return spaceTime(trace, { title, caption, fromMs, label }).toSvg() + "\n";
}

/** The time from which on there are few enough messages. */
function startOfPicture(trace: Trace): number {
  let messages = 0;
  for (const { atMs, effects } of [...trace].reverse()) {
    messages += effects.filter(({ kind }) => kind === "send").length;
    if (messages > maxMessages) return atMs;
  }
  return 0;
}
