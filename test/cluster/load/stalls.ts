import { monitorEventLoopDelay } from 'node:perf_hooks';
import { round } from './percentiles.ts';

/** How long this process itself could not run, in milliseconds. When it is seconds, timeouts may be its own. */
export interface Stalls {
  readonly p99: number;
  readonly max: number;
}

/** Starts to watch; the function it returns ends that and says what was seen. */
export function watchStalls(): () => Stalls {
  const histogram = monitorEventLoopDelay({ resolution: 20 });
  histogram.enable();
  const milliseconds = (nanoseconds: number): number => round(nanoseconds / 1e6);
  return () => {
    histogram.disable();
    return { p99: milliseconds(histogram.percentile(99)), max: milliseconds(histogram.max) };
  };
}
