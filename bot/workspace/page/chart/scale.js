/** Numbers to pixels: round ticks, and numbers as short as they can be read. */

const SHORT = new Intl.NumberFormat(undefined, {
  notation: "compact",
  maximumSignificantDigits: 4,
});
const EXACT = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 6 });

export function short(value) {
  const tiny = value !== 0 && Math.abs(value) < 1e-3;
  return tiny ? value.toExponential(2).replace(/\.?0+e/, "e") : SHORT.format(value);
}

export function exact(value) {
  const tiny = value !== 0 && Math.abs(value) < 1e-4;
  return tiny ? value.toExponential(4) : EXACT.format(value);
}

/** About `wanted` round steps that cover `low` to `high`: {low, high, ticks}. */
export function ticksFor(low, high, wanted = 5) {
  const span = high - low || Math.abs(high) || 1;
  const step = roundStep(span / wanted);
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return { low: first * step, high: last * step, ticks: ticks.map(settled) };
}

/** 1, 2 or 5 times a power of ten, at least `rough`. */
function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * 0.999);
  return factor * power;
}

/** 0.30000000000000004 is meant as 0.3. */
function settled(value) {
  return Number(value.toPrecision(12));
}
