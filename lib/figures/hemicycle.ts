/** A parliament: its seats in half circles, party by party from the left, as in the house. */
import { inRange } from "../basics";
import { chart } from "./chart";
import type { Chart } from "./chart";
import { namedColours } from "./tile-colours";

export interface HemicycleOptions {
  /** From left to right; a party without seats is left out. */
  readonly parties: readonly { readonly party: string; readonly seats: number }[];
  /** Seats that are needed; told in the middle. */
  readonly majority?: number;
  readonly title: string;
  /** One sentence that says what to see. */
  readonly caption: string;
  /** Pixels; default 560. */
  readonly width?: number;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly angle: number;
}

const mostSeats = 1_000;

/** Throws a RangeError unless there are 1 to 1,000 seats. */
export function hemicycle(options: HemicycleOptions): Chart {
  const { majority, title, caption, width = 560 } = options;
  const parties = options.parties.filter(({ seats }) => seats > 0);
  const total = parties.reduce((sum, { seats }) => sum + seats, 0);
  inRange("the number of seats", total, { min: 1, max: mostSeats });
  const holders = parties.flatMap(({ party, seats }) => Array<string>(seats).fill(party));
  const colours = namedColours(parties.map(({ party }) => party));
  const labels = new Map(parties.map(({ party, seats }) => [party, `${party}: ${seats}`]));
  const values = placesOf(total).map(({ x, y }, i) => {
    const party = holders[i] as string;
    return { x, y, party: labels.get(party), seats: parties.find((p) => p.party === party)?.seats };
  });
  const scale = { domain: [...labels.values()], range: [...colours.values()] };
  const legend = { labelLimit: 300, labelFontSize: 12 };
  const axis = (field: string, domain: readonly number[]): object => {
    return { field, type: "quantitative", axis: null, scale: { domain } };
  };
  const needed = majority === undefined ? "" : `, ${majority} needed`;
  const spec = {
    title: { text: title, subtitle: caption },
    ...{ width, height: width / 2 + 10 },
    layer: [
      {
        data: { values },
        mark: { type: "circle", opacity: 1, size: sizeOf(total, width), tooltip: true },
        encoding: {
          x: axis("x", [-1.05, 1.05]),
          y: axis("y", [-0.03, 1.05]),
          color: { field: "party", type: "nominal", title: "seats", scale, legend },
        },
      },
      {
        data: { values: [{ x: 0, y: 0.05, text: `${total} seats${needed}` }] },
        mark: { type: "text", fontSize: 15, color: "#777777" },
        encoding: {
          x: axis("x", [-1.05, 1.05]),
          y: axis("y", [-0.03, 1.05]),
          text: { field: "text" },
        },
      },
    ],
  };
  const lines = parties.map(({ party, seats }) => `  ${party}: ${seats}`);
  return chart(spec, [`${title}, seats${needed}`, ...lines].join("\n"));
}

/** Radii of the inner and the outer half circle. */
const [inner, outer] = [0.4, 1];

/** Places from left to right, by angle, and so that they lie about as far apart in every row. */
function placesOf(seats: number): Place[] {
  const arc = (Math.PI * (outer + inner)) / 2;
  const rows = Math.max(1, Math.round(Math.sqrt((seats * (outer - inner)) / arc)));
  const radii = Array.from({ length: rows }, (_, i) => {
    return rows === 1 ? outer : inner + ((outer - inner) * i) / (rows - 1);
  });
  const length = radii.reduce((sum, radius) => sum + radius, 0);
  let [reached, given] = [0, 0];
  const places = radii.flatMap((radius) => {
    reached += radius;
    const upTo = Math.round((reached / length) * seats);
    const count = upTo - given;
    given = upTo;
    return Array.from({ length: count }, (_, i) =>
      placeOf(radius, count === 1 ? 0.5 : i / (count - 1)),
    );
  });
  return places.sort((left, right) => right.angle - left.angle);
}

function placeOf(radius: number, share: number): Place {
  const angle = Math.PI * (1 - share);
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), angle };
}

/** Of a circle, in square pixels: nearly touching. */
function sizeOf(seats: number, width: number): number {
  const area = (Math.PI / 2) * (outer ** 2 - inner ** 2) * (width / 2.1) ** 2;
  return (0.5 * area) / seats;
}
