/** An option that does not exist is refused by name, whoever is asked. */
import {
  compareDetectors,
  demersTables,
  firstDetections,
  infectionCurve,
  measureBroadcasts,
  measureDemers,
  measureFalseAlarms,
  measureLoad,
  measureRounds,
  overlayOf,
  ownDetections,
  spreadRumour,
  swimGroup,
} from "dabbawala/membership";
import { expect, it } from "vitest";

const typo = { seed: 1, members: 2, colour: "red" };
const typoed = { seed: 1, colour: "red" };

const asked: Readonly<Record<string, () => unknown>> = {
  overlayOf: () => overlayOf([], typoed),
  measureBroadcasts: () => measureBroadcasts(typoed),
  measureFalseAlarms: () => measureFalseAlarms(typo),
  swimGroup: () => swimGroup(typo),
  firstDetections: () => firstDetections(typo),
  ownDetections: () => ownDetections(typo),
  measureLoad: () => measureLoad({ sizes: [2], ...typoed }),
  infectionCurve: () => infectionCurve(typoed),
  spreadRumour: () => spreadRumour({ nodes: 2, ...typoed }),
  measureDemers: () => measureDemers(demersTables[0], typoed),
  measureRounds: () => measureRounds("push", typoed),
  compareDetectors: () => compareDetectors(typoed),
};

it.each(Object.entries(asked))("%s has no option that nobody knows", (owner, ask) => {
  expect(ask).toThrow(`${owner} has no option "colour"`);
});
