import { describe, expect, test } from 'vitest';
import type { Transport } from '#client/cluster/transport/transport.ts';
import { listPages } from '#client/cluster/watch/listPages.ts';
import { ClusterProblem, type JsonObject, type WatchQuery } from '#core/live/ports.ts';

const query: WatchQuery = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };

const pageOf = (name: string, rest: string | undefined): JsonObject => ({
  kind: 'ConfigMapList',
  metadata: { resourceVersion: '7', ...(rest === undefined ? {} : { continue: rest }) },
  items: [{ metadata: { name } }],
});

/** Answers the first question with the first page, and so on; an error is thrown. */
class Server implements Transport {
  readonly server = 'test';
  readonly steps: string[] = [];
  readonly #answers: (JsonObject | Error)[];

  constructor(...answers: readonly (JsonObject | Error)[]) {
    this.#answers = [...answers];
  }

  json({ path }: { readonly path: string }): Promise<JsonObject> {
    this.steps.push(`asked from ${new URLSearchParams(path.split('?')[1]).get('continue') ?? 'the start'}`);
    const answer = this.#answers.shift() ?? new Error('Nobody asks so often.');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }

  stream = unused;
  upgrade = unused;
  renewConnections = unused;
  useLogin = unused;
  close = unused;

  list(page: () => void = () => undefined): Promise<string> {
    return listPages(this, query, new AbortController().signal, (objects, isFirst) => {
      this.steps.push(`${isFirst ? 'began with' : 'went on with'} ${objects.length}`);
      page();
    });
  }
}

function unused(): never {
  throw new Error('A list does not need it.');
}

describe('a list of many pages', () => {
  test('asks for the next page before it gives one away, so that the server works meanwhile', async () => {
    const server = new Server(pageOf('a', 'a'), pageOf('b', undefined));
    expect(await server.list()).toBe('7');
    expect(server.steps).toEqual(['asked from the start', 'asked from a', 'began with 1', 'went on with 1']);
  });

  test('gives the pages away that came before one that fails', async () => {
    const problem = new ClusterProblem('server', 'The continue token is too old.', { status: 410 });
    const server = new Server(pageOf('a', 'a'), problem);
    await expect(server.list()).rejects.toBe(problem);
    expect(server.steps).toEqual(['asked from the start', 'asked from a', 'began with 1']);
  });

  test('ends when whoever gets a page throws, whatever comes of the next one', async () => {
    const server = new Server(pageOf('a', 'a'), new ClusterProblem('unreachable', 'gone'));
    const failure = new Error('no more');
    const list = server.list(() => {
      throw failure;
    });
    await expect(list).rejects.toBe(failure);
  });
});
