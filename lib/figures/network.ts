/**
 * A small graph as dots and lines: neighbours near each other, groups by colour and shape.
 *
 * Source: T. Fruchterman and E. Reingold, "Graph drawing by force-directed placement", 1991; ours
 * begins on a spiral and not at random, so that the picture is the same every time.
 * Cost: 300 rounds of all pairs; at most 200 vertices.
 */
import { chart } from "./chart";
import type { Chart } from "./chart";

export interface NetworkOptions {
  /** Numbers from 0, each edge once. */
  readonly edges: readonly (readonly [number, number])[];
  /** By vertex: those of one group have one colour and one shape. */
  readonly groups: readonly (string | number)[];
  /** Title of the groups' legend. */
  readonly groupTitle: string;
  /** By vertex, beside its dot; default: its number. */
  readonly labels?: readonly string[];
  readonly title: string;
  readonly caption: string;
}

interface Place {
  x: number;
  y: number;
}

const maxVertices = 200;
const rounds = 300;

/** Throws a RangeError for no vertices, too many, or an edge of one that is not there. */
export function network(options: NetworkOptions): Chart {
  const { edges, groups, groupTitle, labels, title, caption } = options;
  check(options);
  const places = layOut(groups.length, edges);
  const dots = groups.map((group, v) => {
    return { ...rounded(places[v]), group: String(group), vertex: labels?.[v] ?? String(v) };
  });
  const lines = edges.map(([from, to]) => {
    const end = rounded(places[to]);
    return { ...rounded(places[from]), x2: end.x, y2: end.y };
  });
  const at = { x: position("x"), y: position("y") };
  const legend = { field: "group", type: "nominal", title: groupTitle };
  const spec = {
    title: { text: title, subtitle: caption },
    ...{ width: 560, height: 420 },
    layer: [
      {
        data: { values: lines },
        mark: { type: "rule", color: "#999999", opacity: 0.45 },
        encoding: { ...at, x2: { field: "x2" }, y2: { field: "y2" } },
      },
      {
        data: { values: dots },
        mark: { type: "point", filled: true, size: 140, opacity: 1, tooltip: true },
        encoding: { ...at, color: legend, shape: legend },
      },
      {
        data: { values: dots },
        mark: { type: "text", dx: 9, dy: -9, color: "#777777", fontSize: 11 },
        encoding: { ...at, text: { field: "vertex" } },
      },
    ],
  };
  const count = new Set(groups).size;
  const size = `${groups.length} vertices, ${edges.length} edges, ${count} groups`;
  return chart(spec, `${title}: ${size}`);
}

function position(field: "x" | "y"): object {
  return { field, type: "quantitative", axis: null, scale: { zero: false, nice: false } };
}

function rounded({ x, y }: Place): Place {
  return { x: Math.round(x * 1_000) / 1_000, y: Math.round(y * 1_000) / 1_000 };
}

function check({ edges, groups }: NetworkOptions): void {
  if (groups.length === 0) throw new RangeError("a network needs a vertex");
  if (groups.length > maxVertices) {
    throw new RangeError(`a network of ${groups.length} vertices cannot be read: ${maxVertices}`);
  }
  const isThere = (v: number): boolean => Number.isInteger(v) && v >= 0 && v < groups.length;
  const stray = edges.flat().find((v) => !isThere(v));
  if (stray !== undefined) throw new RangeError(`an edge of vertex ${stray}, which is not there`);
}

/** In a square of side 1; `near` is the distance that two neighbours would like. */
function layOut(count: number, edges: NetworkOptions["edges"]): Place[] {
  const near = Math.sqrt(1 / count);
  const places = Array.from({ length: count }, (_, v): Place => {
    const radius = 0.5 * Math.sqrt((v + 0.5) / count);
    const angle = v * Math.PI * (3 - Math.sqrt(5));
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
  });
  for (let round = 0; round < rounds; round++) {
    const forces = forcesOn(places, edges, near);
    const most = 0.1 * (1 - round / rounds);
    places.forEach((place, v) => {
      const { x, y } = forces[v];
      const length = Math.max(1e-9, Math.hypot(x, y));
      place.x += (x / length) * Math.min(length, most);
      place.y += (y / length) * Math.min(length, most);
    });
  }
  return places;
}

/** All push each other off, neighbours pull each other, and the middle pulls a little. */
function forcesOn(places: readonly Place[], edges: NetworkOptions["edges"], near: number): Place[] {
  const forces = places.map(({ x, y }) => ({ x: -x * near, y: -y * near }));
  const push = (one: number, other: number, strengthAt: (distance: number) => number): void => {
    const x = places[one].x - places[other].x;
    const y = places[one].y - places[other].y;
    const distance = Math.max(1e-6, Math.hypot(x, y));
    const strength = strengthAt(distance) / distance;
    forces[one].x += x * strength;
    forces[one].y += y * strength;
    forces[other].x -= x * strength;
    forces[other].y -= y * strength;
  };
  for (let one = 0; one < places.length; one++) {
    for (let other = 0; other < one; other++) push(one, other, (d) => (near * near) / d);
  }
  for (const [one, other] of edges) push(one, other, (d) => (-d * d) / near);
  return forces;
}
