/** Options of replicas that are misspelt, of another type, or left out. */
import { describe, expect, it } from "vitest";
import { HotStuff, Pbft } from "dabbawala/consensus";

describe.each([
  ["Pbft", Pbft, "maxInFlight", 4],
  ["HotStuff", HotStuff, "maxBatch", 100],
] as const)("%s", (name, replica, option, usual) => {
  const build = (options: object) => new replica("n1", ["n2", "n3", "n4"], options);

  it("refuses an option that it does not have, or of another type", () => {
    expect(() => build({ speed: 1 })).toThrow(new RangeError(`${name} has no option "speed"`));
    const sentence = `${option} must be of the type number, but was of the type text`;
    expect(() => build({ [option]: "2" })).toThrow(new RangeError(sentence));
  });

  it("takes undefined for the default", () => {
    expect(build({ [option]: undefined }).options).toMatchObject({ [option]: usual });
  });
});
