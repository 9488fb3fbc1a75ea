import { loadavg } from 'node:os';
import { hundredths } from './percentiles.ts';

/** Starts to look at the load average of the machine; the function it returns ends that and gives the mean. */
export function watchLoadAverage(): () => number {
  const seen = [ofLastMinute()];
  const timer = setInterval(() => seen.push(ofLastMinute()), 5000);
  return () => {
    clearInterval(timer);
    return hundredths(seen.reduce((sum, one) => sum + one, 0) / seen.length);
  };
}

const ofLastMinute = (): number => loadavg()[0] ?? 0;
