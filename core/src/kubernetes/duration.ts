/** Whether a text is a duration to the server: Go style (`1h30m`, `300ms`) or Scala style with a written-out unit (`5 minutes`). */
export function isDurationText(text: string): boolean {
  return (
    isGoDuration(text) ||
    /^\s*\d+\s*(?:ns|nanos?|us|µs|micros?|ms|millis?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)\s*$/i.test(
      text,
    )
  );
}

/** Whether a text is what Go's time.ParseDuration takes. */
export function isGoDuration(text: string): boolean {
  return text === '0' || /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text);
}
