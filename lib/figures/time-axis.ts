/** A time axis for drawings: from ms to pixels, with ticks at round numbers. */
import { line, write } from "./drawing";
import { ink } from "./palette";

export interface TimeAxis {
  readonly fromMs: number;
  readonly toMs: number;
  /** Pixels at `fromMs` and `toMs`. */
  readonly left: number;
  readonly right: number;
  /** When given, these moments (ascending) stand evenly apart, the time between them stretched. */
  readonly moments?: readonly number[];
}

export function xOf(axis: TimeAxis, atMs: number): number {
  const { fromMs, toMs, left, right, moments } = axis;
  if (moments !== undefined) return left + rankOf(moments, atMs) * (right - left);
  return left + ((atMs - fromMs) / Math.max(1e-9, toMs - fromMs)) * (right - left);
}

/** Where a time stands among the moments, 0 to 1. */
function rankOf(moments: readonly number[], atMs: number): number {
  const next = moments.findIndex((moment) => moment >= atMs);
  if (next < 0) return 1;
  const [before, after] = [moments[next - 1] ?? atMs, moments[next] as number];
  const share = after === before ? 1 : (atMs - before) / (after - before);
  return Math.max(0, next - 1 + share) / Math.max(1, moments.length - 1);
}

/** 5 to 10 round numbers between the two. */
export function ticks(from: number, to: number): number[] {
  const span = Math.max(1e-9, to - from);
  const power = 10 ** Math.floor(Math.log10(span / 5));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => span / s <= 10) ?? power * 10;
  const first = Math.ceil(from / step - 1e-9);
  const count = Math.floor((to - first * step) / step + 1e-9) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    return Number(((first + i) * step).toPrecision(12));
  });
}

/** At moments the time itself, at every few of them, in the axis's unit. */
function tickValues({ fromMs, toMs, moments }: TimeAxis, unit: number): number[] {
  if (moments === undefined) return ticks(fromMs / unit, toMs / unit);
  const stride = Math.ceil(moments.length / 12);
  return moments.filter((_, i) => i % stride === 0).map((ms) => ms / unit);
}

/** Lines across the drawing from `top` to `bottom`, and numbers below; in s from 10 s on. */
export function drawTimeAxis(axis: TimeAxis, { top, bottom }: { top: number; bottom: number }) {
  const isSeconds = axis.toMs >= 10_000;
  const unit = isSeconds ? 1_000 : 1;
  const strokes = tickValues(axis, unit).map((value) => {
    const x = xOf(axis, value * unit);
    const grid = line({ x, y: top }, { x, y: bottom }, { color: ink, width: 0.5, opacity: 0.4 });
    const label = value.toLocaleString("en-US", { maximumFractionDigits: 2 });
    return grid + write({ x, y: bottom + 15 }, label, { size: 11, anchor: "middle" });
  });
  const stretched = axis.moments === undefined ? "" : ", not to scale";
  const title = `time (${isSeconds ? "s" : "ms"}${stretched})`;
  const middle = (axis.left + axis.right) / 2;
  return [...strokes, write({ x: middle, y: bottom + 31 }, title, { size: 12, anchor: "middle" })];
}

/** Pixels below a drawing that the axis takes. */
export const axisHeight = 38;
