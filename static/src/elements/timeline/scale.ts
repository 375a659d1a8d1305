/** Which stretch of time is shown, and where an instant lies in it. Pure. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Lengths that the time line may have, in ms; a lane’s numbers stay readable because it keeps to these. */
const LENGTHS = [30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 43_200_000, 86_400_000];
/** The share of the picture that lies before now: the rest is the veiled future. */
const PAST = 0.77;
const STEPS = [1000, 2000, 5000, 10_000, 20_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000];

/** The span around `now` that begins before `born` where that is not too long ago; `zoom` makes it that many steps longer. */
export function spanFor(now: number, born: number | null, zoom: number): Span {
  const wanted = born === null ? 60_000 : Math.min(600_000, (now - born + 3000) / PAST);
  const fit = LENGTHS.findIndex((each) => each >= wanted);
  const length = LENGTHS[Math.min(LENGTHS.length - 1, Math.max(0, fit + zoom))] ?? 60_000;
  const from = now - length * PAST;
  return { from, to: from + length };
}

/** Round instants (counted from `zero`, wall time) in a span, at least `least` ms apart. */
export function ticks(span: Span, zero: number, least: number): { step: number; at: number[] } {
  const step = STEPS.find((each) => each >= least) ?? 21_600_000;
  const first = Math.ceil((span.from + zero) / step) * step - zero;
  return { step, at: Array.from({ length: Math.max(0, Math.floor((span.to - first) / step) + 1) }, (_, i) => first + i * step) };
}
