import { ClusterProblem } from '#core/live/ports.ts';

/** Far above any object that etcd takes; in characters. */
const longestLine = 16_000_000;

/**
 * The whole lines of a stream of bytes. What follows the last line end is no line: a broken connection ends anywhere.
 * @throws whatever the stream breaks with
 */
export async function* readLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const [first = '', ...rest] = decoder.decode(chunk, { stream: true }).split('\n');
    parts.push(first);
    length += first.length;
    if (length > longestLine)
      throw new ClusterProblem('server', 'The API server sent an event that is too large to read.');
    if (rest.length === 0) continue;
    yield parts.join('');
    for (const line of rest.slice(0, -1)) yield line;
    const last = rest.at(-1) ?? '';
    parts = [last];
    length = last.length;
  }
}
